using System.Globalization;
using System.Text;
using KmsGateway.Core.Crypto.Pkcs11.Probing;

namespace KmsGateway.Core.Hosting;

/// <summary>What <c>hsm check</c> prints.</summary>
internal static class HsmCheckText
{
    public static string Of(HsmVerdict verdict)
    {
        var report = verdict.Report;
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"module   {report.Module.Manufacturer}, {report.Module.Description}, PKCS#11 {report.Module.CryptokiVersion}, library {report.Module.LibraryVersion}")
            .AppendLine(CultureInfo.InvariantCulture, $"token    {report.Token.Label}, {report.Token.Manufacturer} {report.Token.Model}, serial {report.Token.SerialNumber}")
            .AppendLine(CultureInfo.InvariantCulture, $"wraps    {(report.Mechanisms.KeyWrap is { } mechanism ? $"by RFC 5649 as 0x{mechanism:X}" : "not by RFC 5649")}");

        text.AppendLine().AppendLine("what it can carry at ProtectionLevel=HSM");
        foreach (var feature in HsmVerdict.Features)
        {
            var reason = verdict.WhyNot(feature);
            Row(text, feature.Name, reason is null ? "yes" : "no", reason);
        }

        text.AppendLine().AppendLine("attacks");
        foreach (var attack in report.Attacks)
        {
            Row(text, attack.Name, attack.IsStopped ? "stopped" : "SUCCEEDS", attack.Outcome);
        }

        text.AppendLine().AppendLine("tried");
        foreach (var finding in report.Findings)
        {
            Row(text, finding.Name, finding.Works ? "yes" : "no", finding.Works ? null : finding.Outcome);
        }

        text.AppendLine().AppendLine(verdict.IsAccepted ? "accepted for ProtectionLevel=HSM" : "REFUSED for ProtectionLevel=HSM");
        foreach (var line in verdict.Faults.Concat(verdict.Weaknesses.Select(weakness => $"Allowed although the token does not withstand {weakness}.")))
        {
            text.Append("  ").AppendLine(line);
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, string answer, string? reason) =>
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-34}{answer,-10}{reason}").TrimEnd());
}
