using System.Reflection;

namespace KmsGateway.Gateway.Hosting;

/// <summary>The version of this program.</summary>
internal static class ProgramVersion
{
    /// <summary><c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
