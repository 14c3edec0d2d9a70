import Foundation
import HubCore
import Policies

/// Files that policy documents refer to: they must be readable, and secrets by nobody else.
enum SecretFile {
    /// What is wrong with a referenced file, as one located line; nil when it is fine.
    static func problem(with reference: FileReference) -> String? {
        // Orchestrators mount secrets as links to files; a link's own mode says nothing.
        let file = URL(filePath: reference.path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
            FileManager.default.isReadableFile(atPath: reference.path)
        else {
            return "\(reference.location): error: \(reference.purpose.rawValue): the file '\(reference.path)' cannot be read"
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        if reference.purpose.isSecret, mode & 0o137 != 0 {
            return "\(reference.location): error: \(reference.purpose.rawValue): the file '\(reference.path)' has mode "
                + "\(String(mode, radix: 8)); a secret must not be readable by others (chmod 640 or stricter)"
        }
        return nil
    }

    /// The content of a secret file without the line end that editors leave.
    static func read(_ path: String) throws -> Secret {
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
        else { throw HubError(.badRequest, "The secret file '\(path)' cannot be read.") }
        let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !value.isEmpty, !value.contains(where: \.isNewline) else {
            throw HubError(.badRequest, "The secret file '\(path)' must hold one line of text.")
        }
        return Secret(value)
    }
}
