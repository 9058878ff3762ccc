using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Tests.Crypto;

public sealed class EncryptionContextTests
{
    [Fact]
    public void Canonical_TwoEntries_IsCountThenSortedLengthPrefixedTexts()
    {
        byte[] expected =
        [
            0, 0, 0, 2,
            0, 0, 0, 1, (byte)'B', 0, 0, 0, 2, 0xC3, 0xA9,
            0, 0, 0, 1, (byte)'a', 0, 0, 0, 0,
        ];

        Assert.Equal(expected, Canonical(("a", string.Empty), ("B", "é")));
    }

    [Fact]
    public void Canonical_Empty_IsACountOfZero() => Assert.Equal(new byte[4], Canonical());

    [Fact]
    public void Canonical_SortsByCodeUnit_NotByCodePoint()
    {
        // U+FF61 is one unit above the surrogates, U+1F511 begins with one: by code unit the key comes first
        var bytes = Canonical(("\uFF61", "1"), ("🔑", "2"));

        Assert.Equal("🔑"u8.ToArray(), bytes[8..12]);
    }

    [Fact]
    public void Canonical_JoinsThatLookAlike_Differ() => Assert.NotEqual(Canonical(("a", "b=c")), Canonical(("a=b", "c")));

    [Fact]
    public void TryCreate_DuplicateName_IsRefused() => Assert.False(IsAccepted(("a", "1"), ("a", "1")));

    [Theory]
    [InlineData(0xD800, 'x')]
    [InlineData('x', 0xDC00)]
    [InlineData(0xDC00, 0xD800)]
    [InlineData(0xD800, 0xD800)]
    public void TryCreate_LoneSurrogate_IsRefused(int first, int second)
    {
        // by number: test data with lone surrogates does not survive the runner
        string text = new([(char)first, (char)second]);

        Assert.False(IsAccepted((text, "x")));
        Assert.False(IsAccepted(("x", text)));
    }

    [Fact]
    public void TryCreate_LongestJsonText_IsAccepted()
    {
        // {"a":"..."} takes eight characters beside the value
        Assert.True(IsAccepted(("a", new string('x', 8192 - 8))));
        Assert.False(IsAccepted(("a", new string('x', 8192 - 7))));
    }

    [Fact]
    public void Canonical_AnyOrder_IsTheSame() => Prop.ForAll<Dictionary<int, int>, int>((map, seed) =>
    {
        var pairs = map.Select(pair => ($"k{pair.Key}", $"v{pair.Value}")).ToArray();
        var shuffled = pairs.OrderBy(pair => HashCode.Combine(pair, seed)).ToArray();
        return Canonical(pairs).AsSpan().SequenceEqual(Canonical(shuffled));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Canonical_DifferentMaps_Differ() => Prop.ForAll<Dictionary<int, int>, Dictionary<int, int>>((left, right) =>
    {
        var isSameMap = left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);
        var isSameBytes = Bytes(left).AsSpan().SequenceEqual(Bytes(right));
        return isSameMap == isSameBytes;
    }).QuickCheckThrowOnFailure();

    private static byte[] Bytes(Dictionary<int, int> map) => Canonical([.. map.Select(pair => ($"{pair.Key}", $"{pair.Value}"))]);

    private static bool IsAccepted(params (string Name, string Value)[] pairs) =>
        EncryptionContext.TryCreate(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)), out _);

    private static byte[] Canonical(params (string Name, string Value)[] pairs)
    {
        Assert.True(EncryptionContext.TryCreate(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)), out var context));
        var output = new ArrayBufferWriter<byte>();
        context.WriteCanonical(output);
        return output.WrittenSpan.ToArray();
    }
}
