using System.Collections.Frozen;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>
/// Every state and every operation against a table written by hand from the guides (kms-api.md section 5): + allowed,
/// D Rejected.Disabled, P Rejected.PendingDeletion, I Rejected.PendingImport, M Rejected.StateModifiedFailed, all 409.
/// Columns: Enabled, Disabled, PendingDeletion, PendingImport.
/// </summary>
public sealed class KeyStateMatrixTests
{
    private const string Table =
        """
        CreateKey                       + + + +
        DescribeKey                     + + + +
        ListKeys                        + + + +
        GetParametersForImport          + + + +
        DeleteKeyMaterial               + + + +
        DescribeKeyVersion              + + + +
        ListKeyVersions                 + + + +
        DeleteAlias                     + + + +
        ListAliases                     + + + +
        ListAliasesByKeyId              + + + +
        ListResourceTags                + + + +
        ListTagResources                + + + +
        GetKeyPolicy                    + + + +
        UpdateKeyDescription            + + P +
        SetDeletionProtection           + + P +
        UpdateAlias                     + + P +
        TagResource                     + + P +
        UntagResource                   + + P +
        TagResources                    + + P +
        UntagResources                  + + P +
        SetKeyPolicy                    + + P +
        EnableKey                       + + M M
        DisableKey                      + + M M
        ScheduleKeyDeletion             + + M +
        ImportKeyMaterial               + + M +
        CreateAlias                     + + M +
        CancelKeyDeletion               M M + M
        CreateKeyVersion                + D P I
        UpdateRotationPolicy            + D P I
        Encrypt                         + D P I
        Decrypt                         + D P I
        GenerateDataKey                 + D P I
        GenerateDataKeyWithoutPlaintext + D P I
        ExportDataKey                   + D P I
        GenerateAndExportDataKey        + D P I
        ReEncrypt                       + D P I
        GetPublicKey                    + D P I
        AsymmetricSign                  + D P I
        AsymmetricVerify                + D P I
        AsymmetricEncrypt               + D P I
        AsymmetricDecrypt               + D P I
        GenerateMac                     + D P I
        VerifyMac                       + D P I
        """;

    private static readonly FrozenDictionary<string, string> Codes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["D"] = "Rejected.Disabled",
        ["P"] = "Rejected.PendingDeletion",
        ["I"] = "Rejected.PendingImport",
        ["M"] = "Rejected.StateModifiedFailed",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] States = ["Enabled", "Disabled", "PendingDeletion", "PendingImport"];

    public static TheoryData<string, string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, string>();
            foreach (var row in Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                for (var column = 0; column < States.Length; column++)
                {
                    cells.Add(row[0], States[column], row[column + 1]);
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Refusal_EachCell_IsAsTheGuideSays(string action, string state, string cell)
    {
        var refusal = KeyStateTable.Refusal(action, Enum.Parse<KeyState>(state));

        Assert.Equal(cell == "+" ? (null, null) : (Codes[cell], (int?)409), (refusal?.Code, refusal?.HttpStatus));
    }

    [Fact]
    public void Actions_OfTheCode_AreExactlyThoseOfTheTable() => Assert.Equal(
        Table.Split('\n').Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal),
        KeyStateTable.Actions.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Operation_OnAKeyInThatState_AnswersTheCell(string action, string state, string cell)
    {
        if (!KeyStateScenario.Covers(action))
        {
            Assert.DoesNotContain(action, await KeyStateScenario.OperationsOnKeysAsync());
            return;
        }

        await using var scenario = await KeyStateScenario.StartAsync(state, action);

        var answer = await scenario.CallAsync(action);

        if (cell == "+")
        {
            answer.ShouldBeOk();
        }
        else
        {
            answer.ShouldBe(409, Codes[cell]);
        }
    }
}
