# Completion of mxproof for fish: install as /usr/share/fish/vendor_completions.d/mxproof.fish.
# mxproof itself says what fits, a line each: kind, value and, after a tab, words.

function __mxproof_complete
    set -l answer (env COMP_WORDS=(commandline -cp) COMP_CWORD=(commandline -t) _MXPROOF_COMPLETE=fish_complete mxproof 2>/dev/null)
    for line in $answer
        set -l parts (string split -m 1 "," -- $line)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo $parts[2]
        end
    end
end

complete --no-files --command mxproof --arguments "(__mxproof_complete)"
