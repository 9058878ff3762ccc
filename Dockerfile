# KmsGateway with its embedded core. Build from the repository's root: docker build -t kmsgateway .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
ENV CI=true
COPY . .
# the same steps as tests/run.sh
RUN dotnet restore --locked-mode
RUN dotnet build -c Release --no-restore
RUN dotnet publish gateway -c Release --no-build -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
RUN mkdir -m 0700 /data && chown "$APP_UID:$APP_UID" /data
USER $APP_UID
VOLUME /data

# Plain http is allowed here because a container's network is private until somebody publishes a port: publish 8743 (TLS, CA
# in /data/tls/ca.pem) to the outside, 8750 and 8751 to trusted networks only. Diagnostics are off: a dump would hold keys.
ENV Kms__DataDirectory=/data \
    Kms__Management__Url=http://0.0.0.0:8751 \
    Kms__AllowPlainHttp=true \
    ASPNETCORE_URLS=http://0.0.0.0:8750;https://0.0.0.0:8743 \
    DOTNET_EnableDiagnostics=0
EXPOSE 8750 8743 8751

HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["dotnet", "/app/KmsGateway.Gateway.dll", "health"]
ENTRYPOINT ["dotnet", "/app/KmsGateway.Gateway.dll"]
