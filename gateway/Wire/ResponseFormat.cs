namespace KmsGateway.Gateway.Wire;

/// <summary>How an answer is written.</summary>
internal enum ResponseFormat
{
    /// <summary>JSON, also for requests that could not be read.</summary>
    Json = 0,

    /// <summary>XML.</summary>
    Xml,
}

/// <summary>Where Action and Version of a request were taken from: the only place that its signature covers.</summary>
internal enum SelectionSource
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>The parameters (signature 1.0, unsigned requests).</summary>
    Parameters,

    /// <summary>The headers <c>x-acs-action</c> and <c>x-acs-version</c> (ACS3).</summary>
    Headers,
}
