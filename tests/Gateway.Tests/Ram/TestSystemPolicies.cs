using KmsGateway.Gateway.Ram;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Tests.Ram;

/// <summary>As many system policies as a test needs; the first two under real names.</summary>
internal sealed class TestSystemPolicies : ISystemPolicyCatalogue
{
    public const string Document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}""";

    public TestSystemPolicies(int count = 3) =>
        All = [.. Names().Take(count).Select(name => new SystemPolicy(
            name, "v3", $"What {name} allows.", PolicyParser.Parse(Document, PolicyKind.Identity).Document!))];

    public IReadOnlyList<SystemPolicy> All { get; }

    public SystemPolicy? Find(string name) => All.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.Ordinal));

    private static IEnumerable<string> Names() =>
        new[] { "AdministratorAccess", "AliyunKMSFullAccess" }.Concat(Enumerable.Range(0, 100).Select(number => $"System-{number:D3}"));
}
