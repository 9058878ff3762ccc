namespace KmsGateway.Gateway.Simulator;

/// <summary><c>GET /policy/openapi.json</c>: the endpoints as OpenAPI 3.1; kept by hand beside this file, held to the endpoints by tests.</summary>
internal sealed class OpenApiHandler : ISimulatorHandler
{
    private const string Resource = "KmsGateway.Gateway.Simulator.openapi.json";

    private static readonly Lazy<byte[]> Document = new(Load);

    public Task<SimulatorAnswer> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new SimulatorAnswer("application/json;charset=utf-8", static async (body, cancellationToken) => await body.WriteAsync(Document.Value, cancellationToken)));

    private static byte[] Load()
    {
        using var resource = typeof(OpenApiHandler).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the assembly lacks {Resource}");
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
