# What runs before an environment's program, inside its sandbox, as its owner: whatever it touches may be hostile.
set -eu
cd "$HOME"
mkdir -p "$HOME/.packages/bin"
if [ -d "$HOTHOUSE_SEEDS" ]; then
    (cd "$HOTHOUSE_SEEDS" && find . -type f) | while read -r path; do
        if [ ! -e "$HOME/$path" ] && [ ! -L "$HOME/$path" ]; then
            mkdir -p "$(dirname "$HOME/$path")"
            cat "$HOTHOUSE_SEEDS/$path" > "$HOME/$path" # a copy could only be read, as what it is made of
        fi
    done
fi
if [ -d "$HOTHOUSE_SECRETS" ]; then
    (cd "$HOTHOUSE_SECRETS" && find . -type f) | while read -r path; do
        mkdir -p "$(dirname "$HOME/$path")"
        if [ -e "$HOME/$path" ] && [ ! -L "$HOME/$path" ]; then
            echo "The secret file $path would replace a file of the workspace. Move that away, or choose another path." >&2
            exit 78
        fi
        ln -sfn "$HOTHOUSE_SECRETS/$path" "$HOME/$path"
    done
fi
if [ -n "${HOTHOUSE_GIT_URL:-}" ]; then
    folder=$(basename "$HOTHOUSE_GIT_URL" .git)
    if [ ! -e "$HOME/$folder" ]; then
        echo "Cloning $HOTHOUSE_GIT_URL"
        GIT_TERMINAL_PROMPT=0 git clone --quiet "$HOTHOUSE_GIT_URL" "$HOME/$folder" \
            || { echo "$HOTHOUSE_GIT_URL could not be cloned; see the lines above." >&2; exit 78; }
    fi
fi
mkdir -p "$HOME/$HOTHOUSE_FOLDER"
cd "$HOME/$HOTHOUSE_FOLDER"
unset HOTHOUSE_SEEDS HOTHOUSE_SECRETS HOTHOUSE_GIT_URL HOTHOUSE_FOLDER
exec "$@"
