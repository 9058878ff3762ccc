using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace KmsGateway.Gateway.Tests.Architecture;

/// <summary>The arrows of house.md: policy knows nothing; core knows ARNs; the gateway knows the core by its contract and its host.</summary>
public sealed class AssemblyArrowTests
{
    private static readonly string[] Framework = ["System", "Microsoft.Extensions", "Microsoft.AspNetCore", "Microsoft.Net", "Microsoft.Win32", "netstandard", "mscorlib", "Microsoft.CSharp"];

    [Fact]
    public void Policy_References_FrameworkOnly() =>
        Assert.DoesNotContain(References("KmsGateway.Policy"), name => !name.StartsWith("System", StringComparison.Ordinal));

    [Fact]
    public void Core_References_PolicyAndItsPackagesOnly() =>
        Assert.Empty(Foreign("KmsGateway.Core", "KmsGateway.Policy", "Dapper", "Microsoft.Data.Sqlite", "SQLitePCLRaw", "BouncyCastle.Crypto",
            "Microsoft.IdentityModel", "Microsoft.AspNetCore.Authentication.JwtBearer"));

    [Fact]
    public void Gateway_References_PolicyCoreAndItsPackagesOnly() =>
        Assert.Empty(Foreign("KmsGateway.Gateway", "KmsGateway.Policy", "KmsGateway.Core", "Dapper", "Microsoft.Data.Sqlite", "SQLitePCLRaw",
            "Polly", "Polly.Core", "System.CommandLine", "Yarp.ReverseProxy", "Microsoft.IdentityModel", "YamlDotNet"));

    [Fact]
    public void Core_UsesOfPolicy_ArnsOnly() =>
        Assert.DoesNotContain(NamespacesUsed("KmsGateway.Core", "KmsGateway.Policy"), name => name != "KmsGateway.Policy.Matching");

    [Fact]
    public void Gateway_UsesOfCore_ContractAndHostOnly() =>
        Assert.DoesNotContain(
            NamespacesUsed("KmsGateway.Gateway", "KmsGateway.Core"),
            name => name is not ("KmsGateway.Core.Contract" or "KmsGateway.Core.Hosting" or "KmsGateway.Core.Embedded"
                or "KmsGateway.Core.Control" or "KmsGateway.Core.Backups"));

    private static IEnumerable<string> Foreign(string assembly, params string[] allowed) => References(assembly)
        .Where(name => !Framework.Concat(allowed).Any(prefix =>
            name.Equals(prefix, StringComparison.Ordinal) || name.StartsWith(prefix + ".", StringComparison.Ordinal)));

    private static List<string> References(string assembly)
    {
        using var file = Open(assembly);
        var metadata = file.GetMetadataReader();
        var names = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToList();
        Assert.NotEmpty(names);
        return names;
    }

    private static List<string> NamespacesUsed(string assembly, string of)
    {
        using var file = Open(assembly);
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.TypeReferences.Select(metadata.GetTypeReference)
                .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference
                    && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == of)
                .Select(type => metadata.GetString(type.Namespace))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static PEReader Open(string assembly) =>
        new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
}
