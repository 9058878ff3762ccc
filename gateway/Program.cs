namespace KmsGateway.Gateway;

internal static class Program
{
    public static int Main(string[] args) => args.Length == 0 ? 70 : 64;
}
