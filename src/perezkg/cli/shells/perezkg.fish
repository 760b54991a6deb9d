# Completion of perezkg for fish; made by `perezkg completion fish`.

# The command of the line, which `--lang es` may stand before.
function __perezkg_command
    set -l words (commandline -opc)
    set -e words[1]
    if test "$words[1]" = --lang
        set -e words[1]
        set -q words[1]; and set -e words[1]
    else if string match -q -- '--lang=*' "$words[1]"
        set -e words[1]
    end
    set -q words[1]; and echo $words[1]
end

function __perezkg_using
    set -l command (__perezkg_command)
    test "$command" = "$argv[1]"
end

# The parameters of the canned query that is named.
function __perezkg_parameters
    for word in (commandline -opc)
        switch $word
@parameters@
        end
    end
end

complete -c perezkg -f
@complete@
