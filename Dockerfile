# One image for the five services and the preparation of their database; the command says which:
#   docker build --target platform -t lisible .
#   docker run … lisible services/scoring/dist/main.js
# The demo issuer signs anybody in without a password and is therefore no part of it: --target demo-issuer.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS sources
WORKDIR /src
# The ONNX Runtime ships its CPU library in the package; its install script would fetch CUDA.
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY . .

FROM sources AS build
RUN npm ci --ignore-scripts
RUN node node_modules/typescript/bin/tsc -b services/* tools/database tools/demo-issuer \
  && (cd frontend && node ../node_modules/vite/bin/vite.js build)

# What runs: the packages of the services alone, and of ONNX Runtime's libraries the one for this machine.
FROM sources AS platform-packages
RUN npm ci --ignore-scripts --omit=dev --workspace services --workspace tools/database \
  && cd node_modules/onnxruntime-node/bin/napi-v6 && rm -rf darwin win32 linux/arm64

FROM sources AS demo-issuer-packages
RUN npm ci --ignore-scripts --omit=dev --workspace tools/demo-issuer

FROM build AS platform-rooms
RUN for room in libs/* services/* tools/database frontend; do \
    mkdir -p "/rooms/$room" && cp -r "$room/package.json" "$room/dist" "/rooms/$room/"; \
  done

FROM build AS demo-issuer-rooms
RUN for room in libs/* tools/demo-issuer; do \
    mkdir -p "/rooms/$room" && cp -r "$room/package.json" "$room/dist" "/rooms/$room/"; \
  done

FROM ${NODE_IMAGE} AS base
ENV NODE_ENV=production
WORKDIR /app
# A volume mounted here for the first time takes over whose folder it is.
RUN mkdir -p /var/lib/lisible/artefacts && chown -R node:node /var/lib/lisible
COPY package.json ./
# Source maps turn a stack into lines that somebody can find.
ENTRYPOINT ["node", "--enable-source-maps"]
STOPSIGNAL SIGTERM
USER node

FROM base AS demo-issuer
COPY --from=demo-issuer-packages /src/node_modules node_modules
COPY --from=demo-issuer-rooms /rooms ./
CMD ["tools/demo-issuer/dist/main.js"]

# Last, so that a build without a target makes it.
FROM base AS platform
COPY --from=platform-packages /src/node_modules node_modules
COPY --from=platform-rooms /rooms ./
EXPOSE 8080
CMD ["services/gateway/dist/main.js"]
