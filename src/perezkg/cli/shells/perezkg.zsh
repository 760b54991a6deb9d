#compdef perezkg
# Completion of perezkg for zsh; made by `perezkg completion zsh`.

# The parameters of the canned query that is named.
_perezkg_parameters() {
  local word
  local -a values
  for word in $words; do
    case $word in
@parameters@
    esac
  done
  compadd -S '' -- ${(M)values:#*=}
  compadd -- ${values:#*=}
}

_perezkg() {
  local curcontext=$curcontext state line
  local -A opt_args
  local -a commands
  commands=(
@commands@
  )
  _arguments -C \
@front@
    '1: :->command' '*:: :->arguments'
  case $state in
    command) _describe -t commands command commands ;;
    arguments)
      case $words[1] in
        help) _describe -t commands command commands ;;
@arguments@
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _perezkg ]]; then
  _perezkg "$@"
else
  compdef _perezkg perezkg
fi
