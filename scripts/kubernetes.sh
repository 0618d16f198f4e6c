#!/bin/sh
# Builds the programs of a Kubernetes from the Go module of e2e/kubernetes into a cache outside the tree, and prints
# their folder as its last line. Does nothing where they are there; goes on where it was stopped.
#
#   scripts/kubernetes.sh           builds what is missing; the first time takes some ten minutes on two cores
#   scripts/kubernetes.sh --check   ends with 1 where a build is needed
set -eu

version=1.33.13
module=$(cd "$(dirname "$0")/../e2e/kubernetes" && pwd)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/pipegen/kubernetes/$version
key=$(cat "$0" "$module/go.mod" "$module/go.sum" "$module/pause/main.go" | sha256sum | cut -d ' ' -f 1)

complete() {
  [ "$(cat "$folder/complete" 2>/dev/null)" = "$key" ]
}

if ! complete; then
  [ "${1:-}" != --check ] || exit 1
  mkdir -p "$folder/bin"
  # Two builds at once would only be slower; the one that waited finds everything built.
  exec 9>"$folder/lock"
  flock 9
fi

build() {
  echo "kubernetes $version: $1" >&2
  # A program that runs can't be written over, but replaced.
  go build -mod=readonly -trimpath -buildvcs=false -p 2 -ldflags "-s -w $versions" -o "$folder/bin/$1.part" "$2"
  mv "$folder/bin/$1.part" "$folder/bin/$1"
}

if ! complete; then
  rm -f "$folder/complete"
  cd "$module"
  # Without a version the API server names itself v0.0.0, and clients doubt that they can talk to it.
  package=k8s.io/component-base/version
  versions="-X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=33"
  export CGO_ENABLED=0 GOFLAGS= GOTOOLCHAIN=local GOWORK=off
  build pause ./pause
  build etcd go.etcd.io/etcd/server/v3
  for program in kubectl kube-scheduler kube-controller-manager kube-apiserver kubelet; do
    build "$program" "k8s.io/kubernetes/cmd/$program"
  done
  echo "$key" >"$folder/complete"
fi
echo "$folder/bin"
