using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <content>The one maker of principals.</content>
internal sealed partial class Principal
{
    /// <summary>
    /// Steps 5 to 11 of the order of checks, once for every signature style. Nothing is stored for a request whose signature is
    /// wrong. Source: signing.md 6.
    /// </summary>
    internal sealed class SignatureVerifier(IAccessKeySource source, NonceWindow nonces, SecurityTokenCheck tokens)
    {
        private const int MaxStackBytes = 256;

        public async ValueTask<AuthenticationOutcome> VerifyAsync(
            ISignatureScheme scheme, RpcRequest request, CancellationToken cancellationToken)
        {
            if (scheme.Read(request, out var claim) is { } unreadable)
            {
                return AuthenticationOutcome.Refused(unreadable, scheme.Style);
            }

            var claimed = claim!;
            if (RefuseTime(claimed, out var stamp) is { } untimely)
            {
                return AuthenticationOutcome.Refused(untimely, scheme.Style, claimed.AccessKeyId);
            }

            var isOneToken = SecurityTokenCheck.TryFind(request, out var token);
            var finding = await source.FindAsync(claimed.AccessKeyId, isOneToken ? token : null, cancellationToken);
            if (finding.Key is not { } key)
            {
                var isUnknown = ReferenceEquals(finding.Refusal!.Error, GatewayErrors.AccessKeyNotFound);
                return AuthenticationOutcome.Refused(
                    isOneToken || isUnknown ? finding.Refusal : GatewayErrors.SecurityTokenMismatch.With(),
                    scheme.Style, claimed.AccessKeyId, finding.Owner);
            }

            var refusal = key.IsActive ? null : GatewayErrors.AccessKeyInactive.With();
            refusal ??= await tokens.RefuseAsync(request, key, cancellationToken);
            refusal ??= Check(scheme, request, claimed, key.Secret);
            refusal ??= RefuseReplay(claimed, stamp);
            return refusal is null
                ? AuthenticationOutcome.Of(new Principal(key.Owner, key.Id, key.Session?.IsMfaPresent ?? false, scheme.Style))
                : AuthenticationOutcome.Refused(refusal, scheme.Style, claimed.AccessKeyId, key.Owner);
        }

        private static KmsException? Check(ISignatureScheme scheme, RpcRequest request, SignatureClaim claim, AccessKeySecret secret)
        {
            var length = secret.Length;
            Span<byte> bytes = length <= MaxStackBytes ? stackalloc byte[length] : GC.AllocateUninitializedArray<byte>(length, pinned: true);
            try
            {
                secret.CopyTo(bytes);
                return scheme.Check(request, claim, bytes);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }

        private KmsException? RefuseTime(SignatureClaim claim, out long stamp)
        {
            if (!SignatureTimestamp.TryParse(claim.Timestamp, out stamp, out var hasFraction) ||
                (hasFraction && !claim.MayHaveFraction))
            {
                return GatewayErrors.TimestampFormat.With();
            }

            return nonces.IsInWindow(stamp) ? null : GatewayErrors.TimestampExpired.With();
        }

        private KmsException? RefuseReplay(SignatureClaim claim, long stamp) =>
            nonces.TryRecord(claim.AccessKeyId, claim.Nonce, claim.Signature, stamp) switch
            {
                NonceResult.Recorded => null,
                NonceResult.Used => GatewayErrors.SignatureNonceUsed.With(),
                NonceResult.Expired => GatewayErrors.TimestampExpired.With(),
                _ => GatewayErrors.ServiceUnavailable.With(),
            };
    }
}
