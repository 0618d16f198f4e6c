#!/usr/bin/env bash
# Makes a base for the image where no image registry is reached: Debian 12 by debootstrap, and Node and npm from npm.
# Needs root, debootstrap, npm, and podman or docker. Prints the base's name, for `make image BASE=…`.
#
#   MIRROR=   where Debian's packages are; http://deb.debian.org/debian by default (they are signed)
#
# What was downloaded is kept outside of the tree, once for each version of Node.
set -euo pipefail

fail() {
  printf 'base image: %s\n' "$1" >&2
  exit 1
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/image/container-tool.sh"
for command in debootstrap npm node tar; do
  command -v "$command" >/dev/null || fail "$command is not on the PATH; install it and run this again."
done
[ "$(id -u)" = 0 ] || fail 'debootstrap makes files of root: run this as root.'
tool=$(container_tool) || fail "$NO_CONTAINER_TOOL"
[ "$tool" != buildah ] || fail 'the base is made with podman or docker, and buildah alone is here.'

node_version=$(node -p 'require(process.argv[1]).devDependencies.node' "$root/package.json")
case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64) arch=arm64 ;;
  *) fail "there is no Node for $(uname -m) among the npm packages that this takes." ;;
esac
version=$node_version-$arch
name=localhost/pipegen-base:node-$version
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pipegen/base-image/$version
archive=$cache/base.tar

if [ ! -f "$archive" ]; then
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/work-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  debootstrap --variant=minbase bookworm "$work/root" "${MIRROR:-http://deb.debian.org/debian}" >"$cache/debootstrap.log" 2>&1 ||
    fail "debootstrap failed; see $cache/debootstrap.log."
  rm -rf "$work"/root/var/cache/apt/archives/*.deb "$work"/root/var/lib/apt/lists/* "$work"/root/var/log/*
  mkdir -p "$work/npm" "$work/root/usr/local/lib/node_modules/npm"
  (cd "$work/npm" && npm pack --silent "node-linux-$arch@$node_version" "npm@$(npm --version)" >/dev/null)
  tar -xzf "$work"/npm/node-linux-*.tgz -C "$work/npm" package/bin/node
  install -m 755 "$work/npm/package/bin/node" "$work/root/usr/local/bin/node"
  tar -xzf "$work"/npm/npm-*.tgz -C "$work/root/usr/local/lib/node_modules/npm" --strip-components=1
  for command in npm npx; do
    ln -s "../lib/node_modules/npm/bin/$command-cli.js" "$work/root/usr/local/bin/$command"
  done
  chmod 755 "$work"/root/usr/local/lib/node_modules/npm/bin/*-cli.js
  tar --numeric-owner -C "$work/root" -cf "$work/base.tar" .
  mv "$work/base.tar" "$archive"
fi
"$tool" image inspect "$name" >/dev/null 2>&1 || "$tool" import "$archive" "$name" >/dev/null
echo "$name"
