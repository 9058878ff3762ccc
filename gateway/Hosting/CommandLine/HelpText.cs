using System.CommandLine;
using System.Text;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Hosting.CommandLine;

/// <summary>What <c>--help</c> prints without a verb.</summary>
internal static class HelpText
{
    private const int Width = 100;
    private const string Indent = "      ";

    public static string Render(IEnumerable<Command> verbs)
    {
        var text = new StringBuilder(
            """
            KmsGateway: a key management service that speaks the Alibaba Cloud KMS protocol.

            Usage:
              gateway [--urls <addresses>] [--Kms:<Section>:<Name>=<value> ...]   serve until stopped
              gateway <command> [--help]

            Commands:

            """);
        foreach (var verb in verbs)
        {
            text.Append(null, $"  {verb.Name,-10} {verb.Description}\n");
        }

        text.Append(
            """

            Options:
              --help       print this and stop
              --version    print the version and stop

            Exit codes of the service: 0 stopped on request, 64 bad settings, 70 could not start.

            Settings come from appsettings.json beside the program, then the environment (Kms__Region=cn-beijing),
            then the command line (--Kms:Region=cn-beijing); the last one wins. A list is written with commas,
            or as Name:0, Name:1 and so on. Log levels: --Logging:LogLevel:Default=Debug.


            """);
        foreach (var setting in SettingsTable.All)
        {
            text.Append(null, $"  {(setting.Name == SettingsTable.Urls ? setting.Argument : setting.Name)}\n");
            AppendWrapped(text, setting.Default is null ? setting.Description : $"{setting.Description}. Default: {setting.Default}");
        }

        return text.ToString();
    }

    private static void AppendWrapped(StringBuilder text, string words)
    {
        var column = 0;
        foreach (var word in words.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                text.Append('\n');
                column = 0;
            }

            var lead = column == 0 ? Indent : " ";
            text.Append(lead).Append(word);
            column += lead.Length + word.Length;
        }

        text.Append('\n');
    }
}
