namespace KmsGateway.Policy.Conditions;

/// <summary>What the values of an operator are read as. Source: ram-policy.md 5.2.</summary>
public enum ConditionValueKind
{
    /// <summary>No kind.</summary>
    None = 0,

    /// <summary>Any text, compared code point by code point.</summary>
    Text,

    /// <summary>Any text, letter case ignored (simple case mapping, culture-free).</summary>
    TextIgnoringCase,

    /// <summary>A pattern with <c>*</c> and <c>?</c> over the whole value.</summary>
    Pattern,

    /// <summary><c>-?[0-9]+(\.[0-9]+)?</c>, at most 28 digits.</summary>
    Number,

    /// <summary><c>YYYY-MM-DDThh:mm[:ss[.f{1,7}]](Z|+hh:mm|-hh:mm)</c>.</summary>
    Date,

    /// <summary><c>true</c> or <c>false</c> in any letter case.</summary>
    Boolean,

    /// <summary>IPv4 or IPv6 address; in a policy also a range, <c>address/prefix</c>.</summary>
    Address,
}
