namespace KmsGateway.Policy.Tests;

public sealed class ArchitectureTests
{
    /// <summary>The library stands alone: the framework, and of it neither HTTP nor anything that is not base class library.</summary>
    [Fact]
    public void PolicyAssembly_OfReferences_HasTheFrameworkOnly()
    {
        var names = typeof(KmsGateway.Policy.Evaluation.PolicyEvaluator).Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToArray();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.Contains("Net.Http", StringComparison.Ordinal) || name.Contains("Sockets", StringComparison.Ordinal) || name.Contains("RegularExpressions", StringComparison.Ordinal));
    }
}
