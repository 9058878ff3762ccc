using System.Globalization;

namespace KmsGateway.Core.Contract;

/// <summary>
/// One entry of the error catalogue: what a caller reads when something is refused. Entries live in
/// <see cref="KmsErrors"/> (the service's own) and in the gateway's list (wire, signatures, RAM, STS); nothing else makes a
/// code or a status.
/// </summary>
/// <param name="Code">The vendor's spelling, as the official clients compare it: <c>Forbidden.KeyNotFound</c>.</param>
/// <param name="HttpStatus">400 to 599.</param>
/// <param name="Template">Message; <c>{0}</c> stands for the one argument (a parameter's name, an ARN) where there is one.</param>
/// <param name="Source">The document the entry was taken from.</param>
public sealed record KmsError(string Code, int HttpStatus, string Template, string Source)
{
    /// <summary>The message with its argument filled in.</summary>
    public string Render(string? argument = null) =>
        argument is null ? Template : string.Format(CultureInfo.InvariantCulture, Template, argument);

    /// <summary>The exception that carries this entry; <paramref name="argument"/> fills the template.</summary>
    public KmsException With(string? argument = null) => new(this, argument);

    /// <summary>The same entry, with a message that says more than the template does.</summary>
    public KmsException Because(string message, string? argument = null) => new(this, argument, message);
}

/// <summary>The one exception type that reaches a caller: it carries an entry of the catalogue.</summary>
public sealed class KmsException : Exception
{
    /// <summary>Carries <paramref name="error"/>; <paramref name="message"/> replaces the rendered template when given.</summary>
    public KmsException(KmsError error, string? argument = null, string? message = null)
        : base(message ?? error.Render(argument))
    {
        Error = error;
        Argument = argument;
    }

    /// <summary>The catalogue's entry.</summary>
    public KmsError Error { get; }

    /// <summary>The parameter or resource the message names, if it names one.</summary>
    public string? Argument { get; }
}
