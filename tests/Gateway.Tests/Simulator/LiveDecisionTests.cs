using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Resolution;
using KmsGateway.Gateway.Simulator;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Simulation;
using PrincipalKind = KmsGateway.Gateway.Authentication.PrincipalKind;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary>
/// Invariant 1 of simulator.md 9, in process: for generated policies, keys and calls, the checks, the decision and the deciding
/// statements of a simulation are those of <see cref="Authorizer"/> on the live path's checks.
/// </summary>
public sealed class LiveDecisionTests
{
    private const string Account = "1000000000000001";
    private const string Region = "cn-hangzhou";
    private const string Foreign = "9999999999999999";

    private static readonly string[] KeyIds = ["k-apollo", "k-gemini", "k-plain", "k-policy"];
    private static readonly string[] Aliases = ["alias/a", "alias/deep/b", "alias/none"];
    private static readonly string[] Secrets = ["s1", "none"];
    private static readonly string[] Versions = [.. Enumerable.Range(0, 4).Select(i => $"00000000-0000-4000-8000-00000000000{i}")];

    private static readonly int Cases = Environment.GetEnvironmentVariable("KMSGATEWAY_FULL") == "1" ? 100_000 : 10_000;

    [Fact]
    public void Simulate_GeneratedCases_DecidesAsTheLivePath()
    {
        var verdicts = new Dictionary<Verdict, int>();
        var severalChecks = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var given = new Case(seed);
            var live = given.Live();
            var simulated = given.Simulated();

            Assert.True(Seen(live.Request.Checks.Select(check => (check.Action, check.Resource))) == Seen(simulated.Select(result => (result.Check.Action, result.Check.Resource))), given.ToString());
            Assert.True(live.Decision.Verdict == PolicySimulator.Worst(simulated.Select(result => result.Decision.Verdict)), given.ToString());
            var decider = simulated[live.Decision.Check];
            Assert.True(live.Decision with { Check = 0 } == decider.Decision, given.ToString());
            Assert.True(live.Explain().DecidedBy.SequenceEqual(decider.Explain().DecidedBy), given.ToString());
            verdicts[live.Decision.Verdict] = verdicts.GetValueOrDefault(live.Decision.Verdict) + 1;
            severalChecks += simulated.Length > 1 ? 1 : 0;
        }

        Assert.All([Verdict.Allow, Verdict.ExplicitDeny, Verdict.ImplicitDeny], verdict => Assert.True(verdicts[verdict] > Cases / 20, $"{verdict}: {verdicts[verdict]}"));
        Assert.True(severalChecks > Cases / 40);
    }

    private static string Seen(IEnumerable<(string Action, string Resource)> checks) => string.Join(';', checks);

    /// <summary>One caller, its policies, the keys there are, one call as parameters and the same call as resources.</summary>
    private sealed class Case
    {
        private readonly PolicyDice dice;
        private readonly Identity caller;
        private readonly PolicyPrincipal principal;
        private readonly IdentityPolicies policies;
        private readonly KmsAction action;
        private readonly Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        private readonly List<string> resources = [];
        private readonly KeyDescriptor[] keys;
        private readonly KeyDescriptor[] foreign;
        private readonly RequestCircumstances circumstances;
        private readonly string[] documents;

        public Case(int seed)
        {
            dice = new PolicyDice(seed, Account, KeyIds, Aliases);
            var isRole = dice.Chance(0.3);
            caller = new Identity(isRole ? PrincipalKind.RoleSession : PrincipalKind.User, Account, "200000000000000001", isRole ? "ops" : "alice", isRole ? "build" : null);
            principal = new PolicyPrincipal(isRole ? PrincipalType.Role : PrincipalType.User, Account, caller.Name);
            documents = [.. Enumerable.Range(0, dice.Next(4)).Select(_ => dice.Document())];
            var session = isRole && dice.Chance(0.3) ? Parse(dice.Document(), PolicyKind.Session) : null;
            policies = new IdentityPolicies(
                1,
                new PolicySet([.. documents.Select(text => Parse(text, PolicyKind.Identity))], session),
                [.. documents.Select((_, index) => new AttachedPolicy($"P{index}", "Custom", "v1", "user/alice"))]);
            keys =
            [
                Key(0, ("Project", "Apollo")), Key(1, ("Project", "Gemini"), ("Team", "Blue")), Key(2),
                Key(3) with { KeyPolicy = dice.KeyPolicy("alice") },
            ];
            foreign =
            [
                .. Enumerable.Range(0, 3).Select(index => keys[index] with
                {
                    KeyArn = keys[index].KeyArn.Replace(Account, Foreign, StringComparison.Ordinal), KeyPolicy = index == 2 ? null : dice.KeyPolicy("alice"),
                }),
            ];
            var now = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
            circumstances = new RequestCircumstances(now, dice.Chance(0.5), IPAddress.Parse(dice.Pick("127.0.0.1", "10.1.2.3", "::1")), dice.Chance(0.3));
            action = dice.Pick(KmsVocabulary.All.Where(each => !each.Checks.IsEmpty).ToArray());
            foreach (var check in action.Checks)
            {
                Fill(check);
            }
        }

        public Judgement Live()
        {
            Assert.True(KmsCall.TryRead(action, name => parameters.GetValueOrDefault(name), Account, Region, out var call, out var fault), $"{this}: {fault}");
            var descriptors = call.References.Select((reference, index) => ForeignKeys.Seen(Find(reference), call, index, Account, principal)).ToArray();
            var checks = call.Checks([.. descriptors.Select(ReferenceResolver.ToFinding)]).Checks;
            return Authorizer.Decide(caller, principal, policies,
            [
                .. checks.Select(check => new PolicyCheck(
                    check.Action,
                    check.Resource,
                    circumstances.ToContext(caller, check.Context),
                    check.Reference >= 0 && descriptors[check.Reference] is { KeyPolicy: not null } descriptor ? KeyPolicies.Parse(descriptor) : null)),
            ]);
        }

        public ImmutableArray<SimulationResult> Simulated()
        {
            var place = new InputNode("case", "", default);
            var named = JsonSerializer.SerializeToElement($"kms:{action.Name}");
            var asked = resources.Select(text => AskedResource.Read(place, text, Account, Region)).ToImmutableArray();
            var questions = new CheckPlanner(Account, Region).Plan(place, SimulatedAction.Find(place with { Element = named }), asked);
            var found = questions.SelectMany(question => question.Kms?.References ?? []).Distinct().ToDictionary(reference => reference, Find);
            var view = new ResourceView(found, Account, isBlind: false, _ => null);
            var given = circumstances.ToContext(caller, ConditionContext.Empty).Entries.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray());
            var context = GivenContext.Read(place with { Element = JsonSerializer.SerializeToElement(given) }, DateTimeOffset.UnixEpoch);
            var simulated = new SimulatedPrincipal("caller", principal, [.. policies.Policies.Identity.Select((document, index) => new NamedPolicy($"P{index}", "v1", "", document))], policies.Policies) { IsReal = true };
            return [.. questions.Select(question => view.Resolve(question, [], [])).OfType<ResolvedQuestion>().Select(question => PolicySimulator.Judge(simulated, [question.For(simulated, context.Context).Check], context.Context))];
        }

        public override string ToString() =>
            $"{caller.Arn} kms:{action.Name} {string.Join(',', parameters)} as {string.Join(',', resources)} under {string.Join('\n', documents)}";

        private static KeyDescriptor Key(int index, params (string Name, string Value)[] tags) => new(
            ArnOf($"key/{KeyIds[index]}"), "Enabled", tags.ToDictionary(tag => tag.Name, tag => tag.Value, StringComparer.Ordinal), 1);

        private static string ArnOf(string id) => $"acs:kms:{Region}:{Account}:{id}";

        private static PolicyDocument Parse(string text, PolicyKind kind) =>
            PolicyParser.Parse(text, kind).Document ?? throw new InvalidDataException(text);

        private KeyDescriptor? Find(KmsReference reference) => reference.Account != Account ? FindForeign(reference) : reference.Kind switch
        {
            KmsReferenceKind.Key => keys.FirstOrDefault(key => key.KeyArn.EndsWith($"/{reference.Text}", StringComparison.Ordinal)),
            KmsReferenceKind.Alias => Array.IndexOf(Aliases, reference.Text) is var at and < 2 and >= 0 ? keys[at + 1] with { AliasGeneration = 7 } : null,
            KmsReferenceKind.CiphertextHead => keys[Array.IndexOf(Versions, reference.Text)],
            KmsReferenceKind.Secret when reference.Text == Secrets[0] => new KeyDescriptor(ArnOf("secret/s1"), "Enabled", new Dictionary<string, string>(), 1),
            _ => null,
        };

        private KeyDescriptor? FindForeign(KmsReference reference) => foreign.FirstOrDefault(key => key.KeyArn.EndsWith($"/{reference.Text}", StringComparison.Ordinal));

        private void Fill(CheckSpec check)
        {
            if (check.Parameter is not null && parameters.ContainsKey(check.Parameter))
            {
                return;
            }

            switch (check.Target)
            {
                case CheckTargetKind.Anything or CheckTargetKind.KeyContainer or CheckTargetKind.AliasContainer or CheckTargetKind.SecretContainer or CheckTargetKind.CertificateContainer:
                    break;

                case CheckTargetKind.Alias or CheckTargetKind.KeyBehindAlias:
                    Give(check.Parameter!, dice.Pick(Aliases));
                    break;
                case CheckTargetKind.CiphertextKey:
                    var version = dice.Next(Versions.Length);
                    Give(check.Parameter!, Convert.ToBase64String(Encoding.ASCII.GetBytes(Versions[version])) + "AAAA", KeyIds[version]);
                    break;
                case CheckTargetKind.Key when check.Alternative is not null:
                    Give(check.Parameter!, ArnOf($"key/{dice.Pick(KeyIds)}"));
                    break;
                case CheckTargetKind.Key or CheckTargetKind.KeyOrSecretOrCertificate:
                    GiveKey(check.Parameter ?? "KeyId");
                    break;
                case CheckTargetKind.EachResource:
                    GiveEach();
                    break;
                case CheckTargetKind.Certificate:
                    Give(check.Parameter!, Versions[0], $"certificate/{Versions[0]}");
                    break;
                case CheckTargetKind.EachSecret or CheckTargetKind.EachSecretKey:
                    var each = dice.Pick(Secrets);
                    Give(check.Parameter!, $$"""[{"SecretName":"{{each}}"}]""", $"secret/{each}");
                    break;
                default:
                    var name = dice.Pick(Secrets);
                    Give(check.Parameter!, name, $"secret/{name}");
                    break;
            }
        }

        private void GiveKey(string parameter)
        {
            var isAlias = action.AliasParameters.Contains(parameter) && dice.Chance(0.3);
            var key = dice.Pick(isAlias ? Aliases : [.. KeyIds, "k-none"]);
            var isArn = !isAlias && dice.Chance(0.3);
            var account = dice.Chance(0.2) ? Foreign : Account;
            Give(parameter, isArn ? $"acs:kms:{dice.Pick(Region, Region, "cn-beijing")}:{account}:key/{key}" : key);
        }

        private void GiveEach()
        {
            var ids = KeyIds.Take(dice.Next(1, 4)).ToArray();
            parameters["ResourceType"] = "key";
            parameters["ResourceId"] = "";
            for (var i = 0; i < ids.Length; i++)
            {
                parameters[$"ResourceId.{i + 1}"] = ids[i];
                resources.Add(ids[i]);
            }
        }

        private void Give(string parameter, string value, string? resource = null)
        {
            parameters[parameter] = value;
            resources.Add(resource ?? value);
        }
    }
}
