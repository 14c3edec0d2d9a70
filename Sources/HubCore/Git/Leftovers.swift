import Foundation
import Synchronization

/// Working folders that a crash left behind: half received packs, half removed repositories.
///
/// Their names begin with the process that made them, so that a command run beside a server does not take the server's
/// work for a leftover.
enum Leftovers {
    private static let searched = Mutex<Set<String>>([])

    /// A new name for a working folder of this process.
    static func newName() -> String { "\(getpid())-\(UUID().uuidString)" }

    /// What lies in folders and belongs to no living process. A folder is searched once in a process: what is found
    /// under this process's own number then was left by an earlier one, as in a container, where numbers repeat.
    static func find(in folders: [String]) -> [String] {
        folders.flatMap { folder -> [String] in
            guard searched.withLock({ $0.insert(folder).inserted }) else { return [] }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter(isLeftOver).map { "\(folder)/\($0)" }
        }
    }

    /// What lies in folders and belongs to a process that has ended.
    static func ofDeadProcesses(in folders: [String]) -> [String] {
        folders.flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
                .filter { name in
                    // Numbers repeat in a container: what an earlier process of this number left, the next start finds.
                    isLeftOver(name) && name.split(separator: "-").first != Substring(String(getpid()))
                }
                .map { "\(folder)/\($0)" }
        }
    }

    private static func isLeftOver(_ name: String) -> Bool {
        guard let number = name.split(separator: "-").first.flatMap({ Int32($0) }), number > 0 else { return true }
        return number == getpid() || (kill(number, 0) != 0 && errno == ESRCH)
    }
}
