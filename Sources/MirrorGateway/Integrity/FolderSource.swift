import Foundation
import HubCore

/// Blobs in folders: of another hub's data, of a bundle that was unpacked, or of files named by their digest.
struct FolderSource: Sendable {
    let folders: [String]

    /// The file that should hold a blob. Whether it does its digest tells.
    func file(of id: BlobID) -> String? {
        let hex = id.hex
        let spread = "sha256/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
        for folder in folders {
            for path in ["blobs/\(spread)", spread, "blobs/sha256/\(hex)", "sha256/\(hex)", hex] {
                let file = "\(folder)/\(path)"
                if FileManager.default.fileExists(atPath: file) { return file }
            }
        }
        return nil
    }
}
