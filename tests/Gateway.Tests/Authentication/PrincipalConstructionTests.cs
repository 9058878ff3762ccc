using System.Buffers.Binary;
using System.Reflection;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Policy.Evaluation;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>Threat row 1: a principal comes from the verifier or not at all.</summary>
public sealed class PrincipalConstructionTests
{
    private const byte NewObject = 0x73;

    [Fact]
    public void Principal_HasOnePrivateConstructor_AndCannotBeDerivedFromOrCloned()
    {
        var constructor = Assert.Single(typeof(Principal).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic));
        Assert.True(constructor.IsPrivate);
        Assert.True(typeof(Principal).IsSealed);
        Assert.DoesNotContain(typeof(Principal).GetMethods(), method => method.Name.Contains("Clone", StringComparison.Ordinal));
        Assert.DoesNotContain(typeof(Principal).GetProperties(), property => property.CanWrite);
    }

    [Fact]
    public void OnlyTheVerifier_InTheWholeAssembly_MakesPrincipals()
    {
        var constructor = typeof(Principal).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Single();
        var makers = typeof(Principal).Assembly.GetTypes()
            .Where(type => MethodsOf(type).Any(method => Makes(method, constructor)))
            .Select(Outermost).Distinct().ToArray();
        Assert.Equal([typeof(Principal.SignatureVerifier)], makers);
    }

    [Theory]
    [InlineData((int)PrincipalKind.Root, PrincipalType.Root, "")]
    [InlineData((int)PrincipalKind.User, PrincipalType.User, "name")]
    [InlineData((int)PrincipalKind.RoleSession, PrincipalType.Role, "name")]
    public async Task PolicyPrincipal_IsTheIdentityAsPoliciesSeeIt(int kind, PrincipalType type, string name)
    {
        var requests = new SignedRequests();
        requests.Keys.Add(SignedRequests.KeyId, SignedRequests.Secret, owner: new Identity((PrincipalKind)kind, "1", "2", "name"));
        using var gateway = requests.NewGateway();
        var principal = (await gateway.SendAsync(requests.Get())).Outcome!.Principal!;
        Assert.Equal(new PolicyPrincipal(type, "1", name), principal.ToPolicyPrincipal());
        Assert.Equal("rpc-1.0", principal.AuthStyle);
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return [.. type.GetMethods(All), .. type.GetConstructors(All)];
    }

    // The verifier's body lies in a state machine that the compiler nests in it.
    private static Type Outermost(Type type) =>
        type.Name.StartsWith('<') ? Outermost(type.DeclaringType!) : type;

    private static bool Makes(MethodBase method, ConstructorInfo constructor)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i + 5 <= code.Length; i++)
        {
            if (code[i] == NewObject && BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(i + 1)) == constructor.MetadataToken)
            {
                return true;
            }
        }

        return false;
    }
}
