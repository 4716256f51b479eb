# A reproducible build that ends in a static site behind a small web server:
#   docker build -t escapement . && docker run -p 8080:8080 escapement
FROM golang:1.26-bookworm AS go

FROM node:20-bookworm AS build
COPY --from=go /usr/local/go /usr/local/go
ENV PATH=/usr/local/go/bin:$PATH GOTOOLCHAIN=local
WORKDIR /src
COPY scripts scripts
COPY web/package.json web/package-lock.json web/.npmrc web/
RUN scripts/setup
COPY . .
RUN scripts/build_native && scripts/build_packs && scripts/build_wasm && scripts/build_site

FROM node:20-bookworm-slim
WORKDIR /app
COPY --from=build /src/build/site site
COPY --from=build /src/web/serve.mjs serve.mjs
USER node
EXPOSE 8080
CMD ["node", "serve.mjs", "--root", "site", "--host", "0.0.0.0", "--port", "8080"]
