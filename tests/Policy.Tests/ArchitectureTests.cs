using System.Reflection;

namespace KmsGateway.Policy.Tests;

public sealed class ArchitectureTests
{
    /// <summary>The library stands alone: the framework, and of it neither HTTP nor anything that is not base class library.</summary>
    [Fact]
    public void PolicyAssembly_OfReferences_HasTheFrameworkOnly()
    {
        var references = typeof(KmsGateway.Policy.Evaluation.PolicyEvaluator).Assembly.GetReferencedAssemblies();
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Equal(framework, Path.GetDirectoryName(Assembly.Load(reference).Location)));
        var names = references.Select(reference => reference.Name!).ToArray();
        Assert.DoesNotContain(names, name => name.Contains("Net.Http", StringComparison.Ordinal) || name.Contains("Sockets", StringComparison.Ordinal) || name.Contains("RegularExpressions", StringComparison.Ordinal));
    }
}
