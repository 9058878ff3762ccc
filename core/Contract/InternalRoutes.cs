namespace KmsGateway.Core.Contract;

/// <summary>The core's routes. Source: decisions.md D1.</summary>
public static class InternalRoutes
{
    /// <summary><c>POST</c> a <see cref="ResolveRequest"/>.</summary>
    public const string Resolve = "/internal/v1/resolve";

    /// <summary><c>POST</c> a JSON object of validated parameters to <c>Actions + "/" + action</c>.</summary>
    public const string Actions = "/internal/v1";

    /// <summary>Name of the internal action that makes a product's key: <c>{"Product":"ram"}</c> -> <c>{"KeyId","KeyArn","MetadataVersion"}</c>.</summary>
    public const string EnsureServiceKey = "EnsureServiceKey";

    /// <summary>The request id the caller will see.</summary>
    public const string RequestIdHeader = "x-kms-request-id";
}
