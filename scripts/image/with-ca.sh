#!/bin/sh
# Runs a command that downloads; where the build was given certificates (of a proxy that looks into TLS, say), with these.
ca=/run/secrets/ca
if [ -s "$ca" ]; then
  export NODE_EXTRA_CA_CERTS=$ca SSL_CERT_FILE=$ca PIP_CERT=$ca
  export npm_config_cafile=$ca
fi
exec "$@"
