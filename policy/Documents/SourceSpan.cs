namespace KmsGateway.Policy.Documents;

/// <summary>A place in the text of a document.</summary>
/// <param name="Line">From 1; a line ends with a line feed.</param>
/// <param name="Column">From 1, in Unicode code points.</param>
/// <param name="Offset">From 0, an index into <see cref="PolicyDocument.Source"/>.</param>
public readonly record struct SourcePosition(int Line, int Column, int Offset);

/// <summary>A piece of the text of a document.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The place after its last character.</param>
public readonly record struct SourceSpan(SourcePosition Start, SourcePosition End);
