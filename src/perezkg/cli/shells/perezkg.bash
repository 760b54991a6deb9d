# Completion of perezkg for bash; made by `perezkg completion bash`.

# Set `query` to the canned query that the words name, and `values` to its parameters.
_perezkg_parameters() {
  local word
  for word in "$@"; do
    case $word in
@parameters@
    esac
  done
}

# Set what the option of a command takes: `many` if it takes more than one value, `values`, `place`.
_perezkg_option() {
  takes=1 many='' values='' place=''
  case "$1 $2" in
@options@
    *) takes='' ;;
  esac
}

# Words are taken from the line, because bash takes = and : for the ends of words.
_perezkg() {
  local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} words word current option='' positional=0
  local takes many values place options i first=1 last kept shown=()
  COMPREPLY=()
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  last=$((${#words[@]} - 1))
  current=${words[last]}
  # `--lang es` may stand before the command.
  case ${words[1]} in
    --lang) first=3 ;;
    --lang=*) first=2 ;;
  esac
  options='' values='' place=''
  if ((last == 2 && first == 3)); then
    values=@languages@
  elif ((last <= first)); then
    values=@commands@ options='-h --help -V --version --lang'
  elif [[ ${words[first]} == help ]]; then
    values=@commands@
  else
    for ((i = first + 1; i < last; i++)); do
      word=${words[i]}
      if [[ $word == -?* ]]; then
        option=$word
        _perezkg_option "${words[first]}" "$word"
        [[ -n $takes ]] || option=''
      elif [[ -z $option ]]; then
        positional=$((positional + 1))
      elif [[ -z $many ]]; then
        option=''
      fi
    done
    if [[ $current == --*=* ]]; then
      option=${current%%=*}
      current=${current#*=}
    fi
    values='' place=''
    case ${words[first]} in
@positionals@
    esac
    if [[ -n $option ]]; then
      _perezkg_option "${words[first]}" "$option"
      [[ -n $many ]] || options=''
      [[ $place == parameters ]] && _perezkg_parameters "${words[@]:first+1:last-first-1}"
    fi
  fi
  [[ $current == -* ]] && values=$options place=''
  while read -r word; do
    [[ -n $word ]] && shown+=("$word")
  done <<< "$(compgen -W "$values" -- "$current")"
  # What stands before the last = or : is on the line already.
  kept=${current%"${current##*[=:]}"}
  [[ $COMP_WORDBREAKS == *[=:]* ]] || kept=''
  for word in "${shown[@]}"; do
    COMPREPLY+=("${word#"$kept"}")
  done
  if [[ ${#shown[@]} -eq 1 && ${shown[0]} == *= ]]; then
    compopt -o nospace 2> /dev/null
  fi
  case $place in
    files) ;;
    folders) compopt +o default +o bashdefault -o dirnames 2> /dev/null ;;
    *) compopt +o default +o bashdefault 2> /dev/null ;;
  esac
}

complete -o bashdefault -o default -F _perezkg perezkg
