using System.Collections.Immutable;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>A <c>*.matrix.json</c> file. Format: docs/simulator.md.</summary>
internal static class MatrixFile
{
    public const string Format = "kmsgateway-policy-matrix/1";

    public static MatrixQuestion Read(string path) => Read(InputNode.Read(path), new DocumentsInFiles());

    /// <summary>The same, of text that is no file: nothing is read but what stands in it and in <paramref name="documents"/>.</summary>
    public static MatrixQuestion Read(InputNode file, IPolicyDocuments documents)
    {
        file.WithMembers("format", "about", "policies", "principals", "actions", "resources", "contexts", "expect");
        if (file.Required("format").Text() != Format)
        {
            throw file.Required("format").Fault($"must be {Format}.");
        }

        var reader = new QuestionReader(file, documents);
        var question = new MatrixQuestion(
            reader.Principals(),
            [.. file.Required("actions").Items().Select(QuestionReader.Action)],
            reader.Resources(),
            [.. Contexts(file)],
            Expectations(file));
        RefuseSize(file, question);
        RefuseIdle(file, question);
        return question;
    }

    public static void RefuseSize(InputNode file, MatrixQuestion question)
    {
        if (question.Size is 0 or > MatrixQuestion.MaxCells)
        {
            throw file.Fault($"has {question.Size} cells; a matrix has 1 to {MatrixQuestion.MaxCells}.");
        }
    }

    public static ImmutableArray<MatrixExpectation> Expectations(InputNode file)
    {
        InputNode[] items = [.. file.Find("expect")?.Items() ?? []];
        return items.Length <= MatrixExpectation.MaxCount
            ? [.. items.Select(Expectation)]
            : throw file.Find("expect")!.Fault($"holds at most {MatrixExpectation.MaxCount} expectations.");
    }

    private static IEnumerable<MatrixContext> Contexts(InputNode file) =>
        file.Find("contexts")?.Members().Select(member => new MatrixContext(member.Name, QuestionReader.Context(member.Value)))
        ?? [new MatrixContext("default", QuestionReader.Context(null))];

    private static MatrixExpectation Expectation(InputNode node)
    {
        node.WithMembers("principal", "action", "resource", "context", "decision");
        return new MatrixExpectation(
            Pattern("principal"), Pattern("action"), Pattern("resource"), Pattern("context"), QuestionReader.Verdict(node.Required("decision")));

        string Pattern(string name) => node.Find(name)?.Text() ?? "*";
    }

    /// <summary>An expectation about no cell at all is a misspelling, and would pass for ever.</summary>
    public static void RefuseIdle(InputNode file, MatrixQuestion question)
    {
        foreach (var (node, expectation) in (file.Find("expect")?.Items() ?? []).Zip(question.Expectations))
        {
            if (!expectation.CoversAny(question))
            {
                throw node.Fault("is about no cell.");
            }
        }
    }
}
