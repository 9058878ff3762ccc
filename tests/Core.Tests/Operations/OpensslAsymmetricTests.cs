using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Crypto.Import;
using Org.BouncyCastle.Crypto.Digests;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>
/// The real openssl on the other side, both ways: what is signed or encrypted here is verified or opened there with the key that
/// GetPublicKey gives or, where that needs the private key, with the one in the sealed record; and back.
/// </summary>
public sealed class OpensslAsymmetricTests : IAsyncLifetime, IDisposable
{
    private const string UserId = "1234567812345678";

    private static readonly byte[] Message = "a message that is signed on one side"u8.ToArray();

    private readonly Openssl openssl = new();
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    public void Dispose() => openssl.Dispose();

    public static TheoryData<string, string, string> Signatures => new()
    {
        { "RSA_2048", "RSA_PSS_SHA_256", "-digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32" },
        { "RSA_2048", "RSA_PSS_SHA_256", "-digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:digest -pkeyopt rsa_mgf1_md:sha256" },
        { "RSA_2048", "RSA_PKCS1_SHA_256", "-digest sha256" },
        { "RSA_3072", "RSA_PSS_SHA_256", "-digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32" },
        { "RSA_3072", "RSA_PKCS1_SHA_256", "-digest sha256" },
        { "EC_P256", "ECDSA_SHA_256", "-digest sha256" },
        { "EC_P256K", "ECDSA_SHA_256", "-digest sha256" },
        { "EC_SM2", "SM2DSA", $"-digest sm3 -pkeyopt distid:{UserId}" },
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public async Task Signature_OfEitherSide_VerifiesOnTheOther(string spec, string algorithm, string options)
    {
        var key = await PairKey.ForAsync(core, spec, algorithm);
        await WriteKeysAsync(key);
        await openssl.WriteAsync("message", Message);
        var digest = spec == "EC_SM2" ? Sm2Digest(await openssl.ReadAsync("public.der")) : SHA256.HashData(Message);

        await openssl.WriteAsync("here.sig", await key.SignAsync(algorithm, digest));
        await openssl.RunAsync($"pkeyutl -verify -pubin -inkey public.pem -rawin -in message -sigfile here.sig {options}");

        await openssl.RunAsync($"pkeyutl -sign -inkey private.pem -rawin -in message -out there.sig {options}");
        var signature = await openssl.ReadAsync("there.sig");
        Assert.True(await key.VerifyAsync(algorithm, digest, signature));
        digest[0] ^= 1;
        Assert.False(await key.VerifyAsync(algorithm, digest, signature));
    }

    /// <summary>Salts of another length than the hash's are not of this algorithm.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(222)]
    public async Task Signature_PssWithAnotherSalt_DoesNotVerify(int salt)
    {
        var key = await PairKey.ForAsync(core, "RSA_2048", "RSA_PSS_SHA_256");
        await WriteKeysAsync(key);
        await openssl.WriteAsync("message", Message);

        await openssl.RunAsync($"pkeyutl -sign -inkey private.pem -rawin -in message -out sig -digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:{salt}");

        Assert.False(await key.VerifyAsync("RSA_PSS_SHA_256", SHA256.HashData(Message), await openssl.ReadAsync("sig")));
    }

    [Theory]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_256", 190, "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256")]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_1", 214, "-pkeyopt rsa_padding_mode:oaep")]
    [InlineData("RSA_3072", "RSAES_OAEP_SHA_256", 318, "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256")]
    [InlineData("RSA_3072", "RSAES_OAEP_SHA_1", 342, "-pkeyopt rsa_padding_mode:oaep")]
    [InlineData("EC_SM2", "SM2PKE", 6047, "")]
    public async Task Ciphertext_OfEitherSide_OpensOnTheOther(string spec, string algorithm, int longest, string options)
    {
        var key = await PairKey.ForAsync(core, spec, algorithm);
        await WriteKeysAsync(key);
        foreach (var length in (int[])[1, 32, longest])
        {
            var plaintext = RandomNumberGenerator.GetBytes(length);
            await openssl.WriteAsync("plain", plaintext);
            await openssl.RunAsync($"pkeyutl -encrypt -pubin -inkey public.pem -in plain -out there.enc {options}");
            Assert.Equal(plaintext, await key.DecryptAsync(algorithm, await openssl.ReadAsync("there.enc")));

            var here = await key.EncryptAsync(algorithm, plaintext);
            Assert.Equal(spec == "EC_SM2" ? 97 + length : here.Length, here.Length);
            await openssl.WriteAsync("here.enc", spec == "EC_SM2" ? Sm2Ciphertext.TryRead(here)!.Value.ToSequence() : here);
            await openssl.RunAsync($"pkeyutl -decrypt -inkey private.pem -in here.enc -out opened {options}");
            Assert.Equal(plaintext, await openssl.ReadAsync("opened"));
        }
    }

    [Theory]
    [InlineData("RSA_2048", "2048 bit")]
    [InlineData("RSA_3072", "3072 bit")]
    [InlineData("EC_P256", "prime256v1")]
    [InlineData("EC_P256K", "secp256k1")]
    [InlineData("EC_SM2", "SM2")]
    public async Task PublicKey_IsPemThatOpensslReads(string spec, string says)
    {
        var key = await PairKey.NewAsync(core, spec, "SIGN/VERIFY");
        var pem = await key.PublicKeyAsync();
        await openssl.WriteAsync("public.pem", pem);

        var (code, output) = await openssl.TryAsync("pkey -pubin -in public.pem -noout -text");

        Assert.StartsWith("-----BEGIN PUBLIC KEY-----\n", pem, StringComparison.Ordinal);
        Assert.EndsWith("-----END PUBLIC KEY-----\n", pem, StringComparison.Ordinal);
        Assert.Equal(0, code);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }

    private async Task WriteKeysAsync(PairKey key)
    {
        await openssl.WriteAsync("public.pem", await key.PublicKeyAsync());
        await openssl.WriteAsync("private.pem", PemEncoding.WriteString("PRIVATE KEY", PairRecords.PrivateKeyOf(key)) + "\n");
        await openssl.RunAsync("pkey -pubin -in public.pem -outform DER -out public.der");
    }

    /// <summary>e = SM3(ZA | M), ZA = SM3(length of the id in bits:2 | id | a | b | xG | yG | xA | yA). Source: GB/T 32918.2.</summary>
    private static byte[] Sm2Digest(byte[] publicKey)
    {
        const string curve =
            "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
            + "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
            + "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
            + "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0";
        var id = Encoding.ASCII.GetBytes(UserId);
        byte[] identity = [0, (byte)(8 * id.Length), .. id, .. Convert.FromHexString(curve), .. publicKey[^64..]];
        return Sm3([.. Sm3(identity), .. Message]);
    }

    private static byte[] Sm3(byte[] bytes)
    {
        var digest = new SM3Digest();
        digest.BlockUpdate(bytes, 0, bytes.Length);
        var hash = new byte[digest.GetDigestSize()];
        _ = digest.DoFinal(hash, 0);
        return hash;
    }
}
