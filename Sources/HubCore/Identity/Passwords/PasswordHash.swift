import CArgon2
import Foundation

/// A password as it is stored: argon2id in PHC string format.
///
/// - SeeAlso: the PHC string format, `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`.
struct PasswordHash: Sendable, Hashable {
    let text: String
    let cost: PasswordCost

    private static let saltByteCount = 16
    private static let hashByteCount = 32

    /// Reads a stored hash.
    /// - Returns: nil for what no version of this program wrote.
    init?(stored text: String) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard text.utf8.count <= 256, fields.count == 6, fields[0].isEmpty, fields[1] == "argon2id",
            fields[2] == "v=19"
        else { return nil }
        let numbers = fields[3].split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
        guard numbers.count == 3, numbers.allSatisfy({ $0.count == 2 }), numbers.map({ $0[0] }) == ["m", "t", "p"],
            let memory = UInt32(numbers[0][1]), let passes = UInt32(numbers[1][1]), let lanes = UInt32(numbers[2][1]),
            // What one check may take, whatever the row says.
            memory <= 1 << 20, (1...16).contains(passes), (1...16).contains(lanes)
        else { return nil }
        self.text = text
        cost = PasswordCost(memory: memory, passes: passes, lanes: lanes)
    }

    private init(text: String, cost: PasswordCost) {
        self.text = text
        self.cost = cost
    }

    /// Hashes a password with a salt of its own. Takes ``PasswordCost/memory`` and some 20 ms: not for event loops.
    static func make(of password: Secret, cost: PasswordCost = .current) throws -> PasswordHash {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<saltByteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let bytes = Array(password.reveal().utf8)
        let length = argon2_encodedlen(
            cost.passes, cost.memory, cost.lanes, UInt32(saltByteCount), UInt32(hashByteCount), Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(
            cost.passes, cost.memory, cost.lanes, bytes, bytes.count, salt, saltByteCount, hashByteCount, &encoded,
            length)
        guard code == ARGON2_OK.rawValue else { throw failure(code) }
        let text = String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return PasswordHash(text: text, cost: cost)
    }

    /// Whether this is the password. Takes what making the hash took, and as long for a wrong one.
    func matches(_ password: Secret) throws -> Bool {
        let bytes = Array(password.reveal().utf8)
        let code = argon2id_verify(text, bytes, bytes.count)
        if code == ARGON2_OK.rawValue { return true }
        guard code == ARGON2_VERIFY_MISMATCH.rawValue else { throw Self.failure(code) }
        return false
    }

    /// A hash that no password has, which is checked where there is none: an unknown name costs what a known one costs.
    static let nobody: PasswordHash = {
        let cost = PasswordCost.current
        func base64(_ count: Int) -> String {
            Data(repeating: 0, count: count).base64EncodedString().replacingOccurrences(of: "=", with: "")
        }
        return PasswordHash(
            text: "$argon2id$v=19$m=\(cost.memory),t=\(cost.passes),p=\(cost.lanes)"
                + "$\(base64(saltByteCount))$\(base64(hashByteCount))", cost: cost)
    }()

    private static func failure(_ code: Int32) -> HubError {
        let reason = argon2_error_message(code).map { String(cString: $0) } ?? "error \(code)"
        return HubError(.internalError, "A password could not be hashed: \(reason).")
    }
}
