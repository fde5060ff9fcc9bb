# The server from source, on the Node that the repository asks for.
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /colophon
COPY . .
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force \
  && mkdir -p /data && chown node:node /data
USER node
WORKDIR /data
EXPOSE 4600
HEALTHCHECK --interval=10s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4600/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/colophon/packages/faces/cli/src/main.ts"]
CMD ["serve", "--host", "0.0.0.0"]
