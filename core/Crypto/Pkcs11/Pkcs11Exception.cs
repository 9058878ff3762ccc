namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>A function of the token failed where the layer above has no use for the code itself. Holds data, never a PIN or a key.</summary>
internal sealed class Pkcs11Exception(CkFunction function, Ckr code) : Exception($"{function.Name()} answered {code.Name()}.")
{
    public CkFunction Function { get; } = function;

    public Ckr Code { get; } = code;
}

/// <summary>A module cannot be used at all: wrong platform, no such file, not a PKCS#11 module.</summary>
internal sealed class Pkcs11ModuleException(string message, Exception? inner = null) : Exception(message, inner);
