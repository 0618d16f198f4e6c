# The container of the steps. Targets: full (the default) and slim, which has no dbt. See docs/container.md.
#
# Debian 12 with Node 24.6 or newer (for its share of the memory). This one is Node 24.18.0; `make image BASE=…` takes another.
ARG BASE=docker.io/library/node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d

# --- The npm packages of the lock file --------------------------------------------------------------
FROM ${BASE} AS packages
WORKDIR /src
ARG NPM_CONFIG_REGISTRY=https://registry.npmjs.org/
COPY scripts/image/with-ca.sh /usr/local/bin/with-ca
COPY package.json package-lock.json .npmrc ./
# No script of a package is run: those of node and esbuild are for other places than this.
RUN --mount=type=secret,id=ca --mount=type=cache,target=/root/.npm \
    with-ca npm ci --ignore-scripts --no-update-notifier

# --- The runtime, bundled, with what it is made of --------------------------------------------------
FROM packages AS runtime
COPY bin bin
COPY src src
COPY scripts/image/bundle.ts scripts/image/bundle-options.ts scripts/image/bundle-plugins.ts scripts/image/
RUN node scripts/image/bundle.ts /opt/pipegen

# --- What steps read of the project: dbt, its generated sources, handlers ----------------------------
FROM packages AS project
COPY . .
RUN node scripts/image/project.ts /app

# --- dbt in an environment of its own ---------------------------------------------------------------
FROM ${BASE} AS python
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*

FROM python AS dbt
ARG PIP_INDEX_URL=https://pypi.org/simple
ENV UV_DEFAULT_INDEX=${PIP_INDEX_URL} UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 UV_LINK_MODE=copy
# By the time of a file, as is usual, its bytecode would be thrown away wherever a layer changes that time.
ENV PYC_INVALIDATION_MODE=UNCHECKED_HASH
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
COPY scripts/image/with-ca.sh /usr/local/bin/with-ca
COPY python/uv-version /build/
RUN --mount=type=secret,id=ca --mount=type=cache,target=/root/.cache \
    python3 -m venv /opt/uv && with-ca /opt/uv/bin/pip install "uv==$(cat /build/uv-version)"
COPY python/dbt /build/dbt
COPY python/sbom /build/sbom
COPY scripts/image/python-environment.sh /build/
RUN --mount=type=secret,id=ca --mount=type=cache,target=/root/.cache \
    with-ca /build/python-environment.sh /build/dbt /opt/dbt \
    && with-ca /build/python-environment.sh /build/sbom /opt/sbom \
    && mkdir -p /opt/pipegen/sbom \
    && /opt/sbom/bin/cyclonedx-py environment --gather-license-texts --output-reproducible \
        --output-file /opt/pipegen/sbom/dbt.cdx.json /opt/dbt/bin/python

# --- The licences of all of it ----------------------------------------------------------------------
FROM runtime AS licences
COPY scripts/image/licences.ts scripts/image/
RUN node scripts/image/licences.ts /opt/pipegen/sbom/runtime.cdx.json /licences/runtime

FROM licences AS licences-of-dbt
COPY --from=dbt /opt/pipegen/sbom/dbt.cdx.json /build/
RUN node scripts/image/licences.ts /build/dbt.cdx.json /licences/dbt

# --- Code that is compiled already ------------------------------------------------------------------
FROM runtime AS compiled
ENV NODE_COMPILE_CACHE=/opt/pipegen/compiled NODE_OPTIONS=--max-old-space-size-percentage=35
COPY scripts/image/compile.ts scripts/image/
RUN mkdir /opt/pipegen/compiled && chown 65532:65532 /opt/pipegen/compiled
# Node keeps a cache for each user, so it is made by who will read it.
USER 65532:65532
RUN node scripts/image/compile.ts /opt/pipegen

# --- PID 1 ------------------------------------------------------------------------------------------
FROM ${BASE} AS init
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends tini

# --- The image without dbt --------------------------------------------------------------------------
# The space for young objects begins with four MiB: most objects of a step live for a page.
FROM ${BASE} AS slim
COPY --from=init /usr/bin/tini-static /usr/bin/tini
COPY --from=init /usr/share/doc/tini/copyright /usr/share/doc/tini/copyright
COPY --from=licences /licences /app/LICENSES
COPY --from=compiled /opt/pipegen /opt/pipegen
COPY --from=runtime /opt/pipegen/sbom /app/sbom
COPY --from=project /app /app
COPY LICENSE /app/LICENSES/pipegen.txt
ENV PIPEGEN_HOME=/app PIPEGEN_IMAGE=slim \
    HOME=/tmp TMPDIR=/tmp \
    NODE_ENV=production NODE_COMPILE_CACHE=/opt/pipegen/compiled \
    NODE_OPTIONS=--max-old-space-size-percentage=35
WORKDIR /tmp
USER 65532:65532
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/node", "--min-semi-space-size=4", "/opt/pipegen/bin/pipegen-runtime.js"]
LABEL org.opencontainers.image.title=pipegen-runtime org.opencontainers.image.licenses=Apache-2.0

# --- The image with dbt -----------------------------------------------------------------------------
FROM python AS full
COPY --from=dbt /opt/dbt /opt/dbt
COPY --from=init /usr/bin/tini-static /usr/bin/tini
COPY --from=init /usr/share/doc/tini/copyright /usr/share/doc/tini/copyright
COPY --from=licences-of-dbt /licences /app/LICENSES
COPY --from=dbt /opt/pipegen/sbom /app/sbom
COPY --from=compiled /opt/pipegen /opt/pipegen
COPY --from=runtime /opt/pipegen/sbom /app/sbom
COPY --from=project /app /app
COPY LICENSE /app/LICENSES/pipegen.txt
ENV PIPEGEN_HOME=/app PIPEGEN_IMAGE=full \
    PIPEGEN_DBT=/opt/dbt/bin/dbt PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp TMPDIR=/tmp \
    NODE_ENV=production NODE_COMPILE_CACHE=/opt/pipegen/compiled \
    NODE_OPTIONS=--max-old-space-size-percentage=35
WORKDIR /tmp
USER 65532:65532
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/node", "--min-semi-space-size=4", "/opt/pipegen/bin/pipegen-runtime.js"]
LABEL org.opencontainers.image.title=pipegen-runtime org.opencontainers.image.licenses=Apache-2.0
