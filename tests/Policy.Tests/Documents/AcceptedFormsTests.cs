using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Tests.Documents;

/// <summary>
/// Forms that policies in the field use today. Stored documents must go on parsing: taking a line out of
/// tests/data/accepted-policy-forms.txt is a breaking change.
/// </summary>
public sealed class AcceptedFormsTests
{
    public static TheoryData<string, string> Forms
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var line in File.ReadLines(TestData.Path("accepted-policy-forms.txt")).Where(line => line.Length > 0 && line[0] != '#'))
            {
                var parts = line.Split(' ', 2);
                data.Add(parts[0], parts[1]);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Parse_OfAcceptedForm_StaysAccepted(string element, string form)
    {
        var (kind, text) = element switch
        {
            "action" => (PolicyKind.Identity, $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"{{form}}","Resource":"*"}]}"""),
            "resource" => (PolicyKind.Identity, $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"{{form}}"}]}"""),
            "condition" => (PolicyKind.Identity, $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{form}}}]}"""),
            "key-principal" => (PolicyKind.Key, $$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{{form}},"Action":"kms:*","Resource":"*"}]}"""),
            "trust-principal" => (PolicyKind.Trust, $$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{{form}},"Action":"sts:AssumeRole"}]}"""),
            "document" => (PolicyKind.Identity, form),
            _ => throw new InvalidDataException(element),
        };
        Assert.Empty(PolicyParser.Parse(text, kind).Faults);
    }
}
