namespace KmsGateway.Core.Crypto.Pkcs11.Sessions;

/// <summary>
/// A session for the span of one piece of work on its lane's thread. A ref struct: it can be neither kept, nor awaited over, nor
/// handed to another thread, so that two threads in one session, which kills SoftHSM, do not compile.
/// </summary>
internal readonly ref struct SessionLease(TokenSession session)
{
    public TokenSession Session => session;
}

/// <summary>Work in a session; it must not keep the lease's session.</summary>
internal delegate T LaneWork<out T>(SessionLease lease);

/// <summary>More work than the lane's queue takes, or the generation is ending; the caller is answered at once.</summary>
internal sealed class LaneFullException(string lane) : Exception($"The {lane} lane of the token takes no more work.");
