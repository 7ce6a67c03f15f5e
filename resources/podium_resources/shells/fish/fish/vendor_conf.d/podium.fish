# Shell integration of Podium for fish: OSC 133 around prompt, input and output, OSC 7 with the folder. Podium puts the
# folder above this one in front of XDG_DATA_DIRS; it is taken out again at once.

if set -q PODIUM_SHELL_INTEGRATION
    set -l before $PODIUM_DATA_DIRS_BEFORE
    set -e PODIUM_SHELL_INTEGRATION
    set -e PODIUM_DATA_DIRS_BEFORE
    if test -n "$before"
        set -gx XDG_DATA_DIRS $before
    else
        set -e XDG_DATA_DIRS
    end

    if status is-interactive
        function __podium_mark_prompt --on-event fish_prompt
            # Also a prompt that was set since: starship's, or one that was just edited.
            if not functions -q __podium_fish_prompt; or not string match -q '*__podium_fish_prompt*' (functions fish_prompt)
                functions -e __podium_fish_prompt
                functions -q fish_prompt; and functions -c fish_prompt __podium_fish_prompt
                function fish_prompt
                    set -l code $status
                    printf '\e]133;A;cl=line\a'
                    __podium_status $code
                    __podium_fish_prompt
                    printf '\e]133;B\a'
                end
            end
        end

        function __podium_status
            return $argv[1]
        end

        function __podium_tell_folder --on-variable PWD
            printf '\e]7;file://%s%s\a' $hostname (string escape --style=url -- $PWD)
        end
        __podium_tell_folder

        # From version 4 on fish says by itself where output begins and ends.
        if string match -qr '^[0-3]\.' -- $version
            function __podium_preexec --on-event fish_preexec
                # A prompt at the right edge stands in the same line: what was typed can't be read off the screen.
                set -l line (string escape --style=url -- "$argv" | string join '%0A')
                if test (string length -- "$line") -le 3900
                    printf '\e]133;C;cmdline_url=%s\a' $line
                else
                    printf '\e]133;C\a'
                end
            end
            function __podium_postexec --on-event fish_postexec
                printf '\e]133;D;%s\a' $status
            end
        end
    end
end
