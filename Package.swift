// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Unit tests look inside the targets of the very build that is shipped: one build serves both.
    .unsafeFlags(["-enable-testing"], .when(configuration: .release)),
]

// Tests themselves need no optimiser, which takes longer over them than they run.
let tested: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

let package = Package(
    name: "weir",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "weir", targets: ["weir"])
    ],
    dependencies: [
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // C libraries from Debian; docs/dependencies.md says what each is for.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        // md4c has a pkg-config file whose only flag is the library, which the module map names.
        .systemLibrary(name: "CMd4c", providers: [.apt(["libmd4c-dev"])]),
        // Types of DuckDB's C interface alone; the library is found at run time.
        .systemLibrary(name: "CDuckDB"),
        // One system call that Swift's view of the C library lacks.
        .systemLibrary(name: "CPageCache"),

        .target(name: "SQL", dependencies: ["CSQLite"], swiftSettings: strict),
        .target(
            name: "Policies", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: strict),
        .target(
            name: "HubCore",
            dependencies: [
                "SQL", "CGit2", "CArgon2", "CZlib",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .target(
            name: "MirrorGateway",
            dependencies: [
                "HubCore", "Policies", "CCurl",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        // Scripts and styles of the website, compiled in: the binary is all that is needed.
        .target(name: "WebAssets", resources: [.embedInCode("Files")], swiftSettings: strict),
        // Pages as functions of what they show; knows neither the hub nor HTTP.
        .target(name: "WebPages", dependencies: ["CMd4c"], swiftSettings: strict),
        // Reads tables for the dataset viewer, in processes of their own.
        .target(
            name: "DataTools",
            dependencies: [
                "HubCore", "CDuckDB",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "HubServer",
            dependencies: [
                "HubCore", "MirrorGateway", "Policies", "WebPages", "WebAssets", "DataTools", "CZlib", "CPageCache",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "weir",
            dependencies: [
                "HubServer", "MirrorGateway", "HubCore", "Policies", "DataTools",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        .testTarget(name: "SQLTests", dependencies: ["SQL"], swiftSettings: tested),
        .testTarget(name: "PoliciesTests", dependencies: ["Policies"], swiftSettings: tested),
        .testTarget(name: "WebPagesTests", dependencies: ["WebPages", "WebAssets"], swiftSettings: tested),
        .testTarget(name: "DataToolsTests", dependencies: ["DataTools", "HubCore"], swiftSettings: tested),
        // What tests of several targets need of the hub beside its interface.
        .testTarget(name: "HubTestSupport", dependencies: ["HubCore", "SQL"], swiftSettings: tested),
        .testTarget(name: "HubCoreTests", dependencies: ["HubCore", "SQL", "HubTestSupport"], swiftSettings: tested),
        .testTarget(
            name: "MirrorGatewayTests", dependencies: ["MirrorGateway", "HubCore", "Policies"], swiftSettings: tested),
        .testTarget(
            name: "HubServerTests",
            dependencies: [
                "HubServer", "HubCore", "HubTestSupport", "MirrorGateway", "Policies", "SQL", "WebPages", "DataTools",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: tested),
    ],
    swiftLanguageModes: [.v6]
)
