using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Ram;

/// <summary>A policy whose content the service fixes.</summary>
/// <param name="Name"><c>AliyunKMSFullAccess</c>.</param>
/// <param name="Version">The only one there is, <c>v3</c>.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Document">Parsed.</param>
internal sealed record SystemPolicy(string Name, string Version, string Description, PolicyDocument Document);

/// <summary>The system policies; they belong to no account and cannot be changed.</summary>
internal interface ISystemPolicyCatalogue
{
    /// <summary>Every one, in ordinal order of names.</summary>
    IReadOnlyList<SystemPolicy> All { get; }

    /// <summary>By exact name.</summary>
    SystemPolicy? Find(string name);
}
