using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Resolution;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>
/// A KMS call after authentication: references, resolution, authorization, existence, parameters, ticket, core; decided again
/// when the core says that the decision was made for metadata that is no longer current. Source: architecture.md, steps 4 to 8.
/// </summary>
internal sealed class KmsCallRunner(
    ReferenceResolver resolver, IPolicySource policies, Denials denials, CoreClient core, GatewayOptions options)
{
    /// <summary>Rounds before giving up on metadata that changes faster than it can be decided on (decisions.md D1).</summary>
    private const int MaxRounds = 3;

    /// <summary>The members of the answer.</summary>
    public async Task<ReadOnlyMemory<byte>> RunAsync(Call call)
    {
        try
        {
            return await AnswerAsync(call);
        }
        catch (KmsException refusal) when (DryRun.IsAskedFor(call))
        {
            throw DryRun.Outcome(refusal);
        }
    }

    private async Task<ReadOnlyMemory<byte>> AnswerAsync(Call call)
    {
        var action = call.Action!;
        _ = ParameterValidator.ValidateReferences(action, call.Request!.Parameters);
        var references = KmsReferences.Read(action, call.Request.Parameters, call.Caller.AccountId, options.Region);
        for (var round = 0; round < MaxRounds; round++)
        {
            var identity = await AuthorizeAsync(call, references, isFresh: round > 0);
            RefuseMissing(call.Resolution!);
            RefuseUnanswered(call);
            var answer = await PerformAsync(call, identity);
            if (answer.IsSuccess)
            {
                return answer.Body;
            }

            if (!CoreRefusal.IsStale(answer))
            {
                throw CoreRefusal.Of(answer);
            }
        }

        throw Refusals.Unavailable(action);
    }

    /// <summary>
    /// Decides. A refusal that rests on cached descriptors is decided again on fresh ones: the core can correct a stale Allow,
    /// but it never hears of a Deny.
    /// </summary>
    private async Task<IdentityPolicies> AuthorizeAsync(Call call, KmsCall references, bool isFresh)
    {
        var identity = await policies.GetAsync(call.Caller, call.Aborted);
        var isAllowed = await DecideAsync(call, references, identity, isFresh);
        if (!isAllowed && !call.Resolution!.IsFresh)
        {
            identity = await policies.GetAsync(call.Caller, call.Aborted);
            isAllowed = await DecideAsync(call, references, identity, isFresh: true);
        }

        return isAllowed
            ? identity
            : throw denials.Deny(call, call.Resolution!.Checks.Checks[call.Judgement!.Decision.Check].IsFromCiphertext);
    }

    private async Task<bool> DecideAsync(Call call, KmsCall references, IdentityPolicies identity, bool isFresh)
    {
        var principal = call.Authentication!.Principal!.ToPolicyPrincipal();
        var resolution = await resolver.ResolveAsync(references, call.Caller.AccountId, principal, isFresh, call.RequestId, call.Aborted);
        call.Resolution = resolution;
        if (resolution.Checks.Checks.IsEmpty)
        {
            // Why: DescribeRegions and DescribeService need a valid signature and nothing else; the catalogue says so (R-KMS-9).
            return call.Action!.NoPermissionBecause is not null;
        }

        var checks = resolution.Checks.Checks.Select(check => ToPolicyCheck(call, resolution, check)).ToImmutableArray();
        call.Judgement = Authorizer.Decide(call.Caller, principal, identity, checks);
        return call.Judgement.Decision.IsAllowed;
    }

    private static PolicyCheck ToPolicyCheck(Call call, CallResolution resolution, KmsCheck check) => new(
        check.Action,
        check.Resource,
        call.Circumstances!.ToContext(call.Caller, check.Context),
        resolution.DescriptorOf(check) is { KeyPolicy: not null } descriptor ? KeyPolicies.Parse(descriptor) : null);

    private static void RefuseMissing(CallResolution resolution)
    {
        if (resolution.Checks.Pending is { } pending)
        {
            throw ParameterErrors.Of(pending);
        }
    }

    private static void RefuseUnanswered(Call call)
    {
        if (call.Action!.Answerer is Answerer.NotYet or Answerer.OutOfScope)
        {
            ParameterValidator.ValidatePresence(call.Action, call.Request!.Parameters);
            throw KmsErrors.UnsupportedOperation.With();
        }
    }

    private async Task<CoreAnswer> PerformAsync(Call call, IdentityPolicies identity)
    {
        call.Parameters ??= ParameterValidator.Validate(call.Action!, call.Request!.Parameters);
        KeyPolicies.RefuseMalformed(call.Action!, call.Request!.Parameters);
        var body = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(body))
        {
            call.Parameters.WriteTo(writer);
        }

        var account = call.Caller.AccountId;
        var ticket = new Ticket(account, call.Caller.Arn, call.Action!.Name, call.Resolution!.TicketResources())
        {
            Owners = call.Resolution.OwnersBut(account),
        };

        // Why not the caller's token: once the core has the request it may act, and the trail must hear what came of it.
        return await core.PerformAsync(ticket, identity.Version, body.WrittenMemory, call.RequestId, CancellationToken.None);
    }
}
