using Microsoft.Extensions.Logging.Console;

namespace KmsGateway.Gateway.Hosting;

/// <summary>The log: on standard error, so that standard output holds nothing but what was asked for.</summary>
internal static class LogSetup
{
    // Why: what keeps the server from starting is said in one sentence by the host; the stack trace beside it helps nobody.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    public static void Apply(ILoggingBuilder logging, IConfiguration levels, LogOptions options, GatewayProcessOptions process)
    {
        logging.AddConfiguration(levels);
        logging.AddFilter(HostCategory, LogLevel.None);
        if (process.Log is { } own)
        {
            logging.AddProvider(own);
            return;
        }

        var isText = options.Format is null ? process.IsErrorTerminal : options.Format == "text";
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (isText)
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            });
        }
        else
        {
            logging.AddConsole(console => console.FormatterName = JsonLineFormatter.FormatterName);
            logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        }
    }
}
