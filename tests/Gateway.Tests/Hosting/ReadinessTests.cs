using KmsGateway.Gateway.Hosting.Health;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

public sealed class ReadinessTests
{
    private readonly Readiness readiness = new();

    [Fact]
    public void Readiness_AtFirst_IsStarting()
    {
        Assert.False(readiness.IsReady);
        Assert.Equal(new Condition(IsOk: false, "starting"), readiness.Conditions[Readiness.Startup]);
    }

    [Fact]
    public void Readiness_AllConditionsMet_IsReady()
    {
        readiness.Set(Readiness.Startup, isOk: true);
        readiness.Set("core", isOk: false, "no answer");
        Assert.False(readiness.IsReady);

        readiness.Set("core", isOk: true);
        Assert.True(readiness.IsReady);
    }

    [Fact]
    public void Readiness_ShuttingDown_StaysRed()
    {
        readiness.Set(Readiness.Startup, isOk: true);
        readiness.Set(Readiness.Shutdown, isOk: false, "stopping");
        readiness.Set(Readiness.Shutdown, isOk: true);

        Assert.False(readiness.IsReady);
    }

    [Fact]
    public void Readiness_UnmetWithoutReason_IsAMistake() => Assert.Throws<ArgumentException>(() => readiness.Set("core", isOk: false));

    [Fact]
    public void Readiness_SetFromManyThreads_LosesNothing()
    {
        Parallel.For(0, 200, number => readiness.Set($"part {number}", isOk: true));

        Assert.Equal(201, readiness.Conditions.Count);
    }
}
