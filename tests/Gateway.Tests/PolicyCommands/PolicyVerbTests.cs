namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary>What all verbs below <c>policy</c> have in common: help, formats, missing arguments.</summary>
public sealed class PolicyVerbTests : IDisposable
{
    private readonly PolicyProgram program = new();

    public static TheoryData<string> Verbs => ["lint", "simulate", "matrix", "diff", "who-can", "can", "escalations", "cases"];

    /// <summary>Verbs of one path.</summary>
    public static TheoryData<string> PathVerbs => ["lint", "simulate", "matrix", "who-can", "can", "cases"];

    public void Dispose() => program.Dispose();

    [Fact]
    public async Task Policy_Help_ListsTheVerbs() => await program.VerifyAsync("help", "--help");

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_Help_IsTheOneThatWasRead(string verb) => await program.VerifyAsync($"help-{verb}", verb, "--help");

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_UnknownFormat_IsBadUsage(string verb)
    {
        string[] paths = verb == "diff" ? ["x", "y"] : ["x"];
        var (code, output, error) = await program.RunAsync([verb, .. paths, "--format", "yaml"]);
        Assert.Equal((64, ""), (code, output));
        Assert.StartsWith($"--format \"yaml\": {verb} answers in text", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulate")]
    [InlineData("who-can")]
    [InlineData("can")]
    [InlineData("cases")]
    public async Task Verb_SarifWhereThereAreNoResults_IsBadUsage(string verb) =>
        Assert.Equal((64, "", $"--format \"sarif\": {verb} answers in text or json.\n"), await program.RunAsync(verb, "x", "--format", "sarif"));

    [Theory]
    [MemberData(nameof(PathVerbs))]
    public async Task Verb_FileThatIsMissing_IsBadInput(string verb)
    {
        var (code, output, error) = await program.RunAsync(verb, program.At("none.json"));
        Assert.Equal(64, code);
        Assert.Contains("DIR/none.json: cannot be read", output + error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_WithoutArguments_IsBadUsage(string verb)
    {
        var (code, output, error) = await program.RunAsync(verb);
        Assert.Equal((64, ""), (code, output));
        Assert.Contains(verb, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_UnknownVerb_IsBadUsage()
    {
        var (code, output, error) = await program.RunAsync("lnit", "x");
        Assert.Equal((64, ""), (code, output));
        Assert.Contains("lnit", error, StringComparison.Ordinal);
    }
}
