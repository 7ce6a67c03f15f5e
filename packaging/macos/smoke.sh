#!/bin/sh
# Mounts the disk image, copies the bundle out, plays the demo to its end, and verifies the signature.
#   packaging/macos/smoke.sh dist/podium-….dmg PICTURES
set -eu
image=$1
pictures=$2
folder=$(mktemp -d)
mkdir -p "$pictures" "$folder/mounted"
hdiutil attach -quiet -nobrowse -readonly -mountpoint "$folder/mounted" "$image"
cp -R "$folder/mounted/Podium.app" "$folder/"
hdiutil detach -quiet "$folder/mounted"
codesign --verify --deep --strict "$folder/Podium.app"
program="$folder/Podium.app/Contents/MacOS/podium"
"$program" --version --verbose
"$program" --version --verbose | grep -q '^Terminal engine: compiled$'
"$program" demo --until-done --summary "$pictures/summary.json" --screenshot "$pictures"
cat "$pictures/summary.json"
rm -rf "$folder"
