import CCrypto

/// SHA-256, fed in pieces (libcrypto).
public final class Digest {
    private let context: OpaquePointer?

    /// Begins a digest.
    public init() {
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// Adds bytes.
    public func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Adds a string's UTF-8 with its length before it, so that joined strings cannot be confused.
    public func update(_ text: String) {
        update(number: UInt64(text.utf8.count))
        var copy = text
        copy.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// Adds a number as eight little-endian bytes.
    public func update(number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { update($0) }
    }

    /// Ends the digest: 32 bytes. Call once.
    public func finish() -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &out, nil)
        return out
    }

    /// The SHA-256 of some bytes, in one go.
    public static func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let digest = Digest()
        digest.update(bytes)
        return digest.finish()
    }

    /// Bytes as lower-case hexadecimal digits.
    public static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits: [UInt8] = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }
}
