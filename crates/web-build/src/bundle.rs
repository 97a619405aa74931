//! Everything that is served, with its addresses.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::addresses::{ASSETS, hashed, rewrite};
use crate::fault::Fault;
use crate::sources::Sources;
use crate::{join, script, style, texts, worker};

/// A file as it is served.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its address: of an asset under `/assets/`, of a page `/` and its surface, of the worker `/sw.js`.
    pub address: String,
    /// Its media type.
    pub media_type: &'static str,
    /// A name of its content, for `ETag`.
    pub tag: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// Everything that is served.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// The files, by their addresses.
    pub files: BTreeMap<String, Asset>,
}

/// The extensions of files that are served, with their media types.
const MEDIA_TYPES: [(&str, &str); 10] = [
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("webmanifest", "application/manifest+json"),
    ("woff2", "font/woff2"),
];

/// The extensions of texts in which addresses are written.
const WITH_ADDRESSES: [&str; 5] = ["css", "html", "js", "svg", "webmanifest"];

impl Bundle {
    /// The pages for a binary: joined, and named by their content.
    ///
    /// # Errors
    /// The first fault of the sources.
    pub fn join(web: &Path, messages: &Path) -> Result<Self, Fault> {
        let sources = with_texts(web, messages)?;
        Namer { sources: &sources, bundle: Self::default(), names: BTreeMap::new(), open: Vec::new() }.name()
    }

    /// The pages while developing: the sources under the addresses that they are written with.
    ///
    /// # Errors
    /// If a file cannot be read, or the texts or the worker are faulty.
    pub fn loose(web: &Path, messages: &Path) -> Result<Self, Fault> {
        let sources = with_texts(web, messages)?;
        let mut bundle = Self::default();
        for path in sources.paths().filter(|path| !is_worker(path)) {
            let address = page_of(path).unwrap_or_else(|| format!("{ASSETS}{path}"));
            bundle.add(address, path, sources.content(path).unwrap_or_default().to_vec())?;
        }
        for path in sources.paths().filter(|path| is_worker(path)) {
            let text = sources.text(path)?.to_owned();
            bundle.add_worker(path, &text)?;
        }
        Ok(bundle)
    }

    fn add(&mut self, address: String, path: &str, content: Vec<u8>) -> Result<(), Fault> {
        let media_type = media_type(path)?;
        let asset = Asset { address: address.clone(), media_type, tag: hash(&content), content };
        self.files.insert(address, asset);
        Ok(())
    }

    /// Adds the worker of a surface, which keeps the surface's page and all assets but those of other surfaces.
    fn add_worker(&mut self, path: &str, text: &str) -> Result<(), Fault> {
        let surface = path.split('/').next().unwrap_or_default();
        let page = format!("/{surface}");
        let others: Vec<String> = self.files.keys().filter(|address| !address.starts_with(ASSETS)).cloned().collect();
        let is_of_another = |address: &String| {
            let rest = address.strip_prefix(ASSETS).unwrap_or_default();
            let folder = rest.split(['/', '.']).next().unwrap_or_default();
            others.iter().any(|other| *other != page && other.strip_prefix('/') == Some(folder))
        };
        let kept = self.files.keys().filter(|address| address.starts_with(ASSETS) && !is_of_another(address));
        let kept: Vec<String> = std::iter::once(page.clone()).chain(kept.cloned()).collect();
        let tags: Vec<&str> =
            kept.iter().filter_map(|address| self.files.get(address)).map(|asset| asset.tag.as_str()).collect();
        let version: String = hash(format!("{}\n{text}", tags.join("\n")).as_bytes()).chars().take(16).collect();
        let filled = worker::fill(path, text, &version, &kept)?;
        let written = script::write(&filled, &script::tokens(path, &filled)?);
        self.add("/sw.js".to_owned(), path, written.into_bytes())
    }
}

fn with_texts(web: &Path, messages: &Path) -> Result<Sources, Fault> {
    let mut sources = Sources::read(web)?;
    for (path, json) in texts::of_folder(messages)? {
        sources.add(path, json);
    }
    Ok(sources)
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn media_type(path: &str) -> Result<&'static str, Fault> {
    let known = MEDIA_TYPES.iter().find(|(known, _)| *known == extension(path));
    known.map(|(_, media_type)| *media_type).ok_or_else(|| {
        Fault::of(path, "files of this kind are not served: move it out of web/, or add its media type to the build")
    })
}

fn is_worker(path: &str) -> bool {
    path.ends_with("/sw.js")
}

/// The address of a page: that of its surface.
fn page_of(path: &str) -> Option<String> {
    path.strip_suffix("/index.html").filter(|surface| !surface.contains('/')).map(|surface| format!("/{surface}"))
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Names files by their content, those first that others name.
struct Namer<'s> {
    sources: &'s Sources,
    bundle: Bundle,
    /// The new addresses by the paths of sources.
    names: BTreeMap<String, String>,
    /// The files whose addresses are being followed.
    open: Vec<String>,
}

impl Namer<'_> {
    fn name(mut self) -> Result<Bundle, Fault> {
        let surfaces = self.sources.surfaces();
        let is_module =
            |path: &&str| extension(path) == "js" && !surfaces.iter().any(|one| **path == format!("{one}/main.js"));
        let (pages, assets): (Vec<&str>, Vec<&str>) = self
            .sources
            .paths()
            .filter(|path| !is_worker(path) && !is_module(path))
            .partition(|path| page_of(path).is_some());
        for path in assets {
            self.asset(path)?;
        }
        for path in pages {
            let text = self.with_new_addresses(path, self.sources.text(path)?)?;
            let address = page_of(path).unwrap_or_default();
            self.bundle.add(address, path, text.into_bytes())?;
        }
        for path in self.sources.paths().filter(|path| is_worker(path)) {
            let text = self.with_new_addresses(path, self.sources.text(path)?)?;
            self.bundle.add_worker(path, &text)?;
        }
        Ok(self.bundle)
    }

    /// The new address of a source.
    fn asset(&mut self, path: &str) -> Result<String, Fault> {
        if let Some(known) = self.names.get(path) {
            return Ok(known.clone());
        }
        self.open.push(path.to_owned());
        let surface = path.strip_suffix("/main.js").filter(|surface| !surface.contains('/'));
        let content = if let Some(surface) = surface {
            let joined = join::join(self.sources, surface)?;
            self.with_new_addresses(path, &joined)?.into_bytes()
        } else if extension(path) == "css" {
            let sheet = style::write(path, self.sources.text(path)?)?;
            self.with_new_addresses(path, &sheet)?.into_bytes()
        } else if WITH_ADDRESSES.contains(&extension(path)) {
            self.with_new_addresses(path, self.sources.text(path)?)?.into_bytes()
        } else {
            self.sources.content(path).unwrap_or_default().to_vec()
        };
        self.open.pop();
        let name = surface.map_or_else(|| path.to_owned(), |surface| format!("{surface}.js"));
        let address = format!("{ASSETS}{}", hashed(&name, &hash(&content)));
        self.bundle.add(address.clone(), path, content)?;
        self.names.insert(path.to_owned(), address.clone());
        Ok(address)
    }

    fn with_new_addresses(&mut self, file: &str, text: &str) -> Result<String, Fault> {
        rewrite(text, |address, byte| {
            let fault = |what: &str| Err(Fault::at(file, text, byte, format!("{address} {what}")));
            let path = address.strip_prefix(ASSETS).unwrap_or_default();
            let is_module = extension(path) == "js" && !path.ends_with("/main.js");
            if !self.sources.has(path) || is_module || is_worker(path) || page_of(path).is_some() {
                return fault("is the address of no asset");
            }
            if self.open.iter().any(|open| open == path) {
                return fault("is named in a circle");
            }
            self.asset(path)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let given = [
            ("messages/en/web.ftl", "web-a = Water\n"),
            ("messages/zh-CN/web.ftl", "web-a = 水\n"),
            ("web/phone/main.js", "import { a } from \"../shared/a.js\";\na();\n"),
            ("web/shared/a.js", "export function a() {}\n"),
            ("web/shared/style.css", "a { mask: url(/assets/shared/x.svg) }\n"),
            ("web/shared/x.svg", "<svg/>"),
            ("web/phone/index.html", PAGE),
            ("web/phone/sw.js", "// The worker.\nconst VERSION = \"development\";\nconst PRECACHE = [];\n"),
            ("web/tsconfig.json", "{}"),
        ];
        for (path, text) in given.iter().chain(files) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    const PAGE: &str = "<script type=\"module\" src=\"/assets/phone/main.js\"></script>\n\
                        <link rel=\"stylesheet\" href=\"/assets/shared/style.css\">\n\
                        <link data-language=\"en\" href=\"/assets/texts/en.json\">";

    fn joined(files: &[(&str, &str)]) -> Result<Bundle, Fault> {
        let folder = folder(files);
        Bundle::join(&folder.path().join("web"), &folder.path().join("messages"))
    }

    fn text<'b>(bundle: &'b Bundle, address: &str) -> &'b str {
        std::str::from_utf8(&bundle.files[address].content).unwrap()
    }

    #[test]
    fn all_addresses_lead_to_files_that_are_there() {
        let bundle = joined(&[]).unwrap();
        for (address, asset) in &bundle.files {
            let words = str::from_utf8(&asset.content).unwrap();
            for named in words.split(['"', '(', ')']).filter(|word| word.starts_with(ASSETS)) {
                assert!(bundle.files.contains_key(named), "{address} names {named}");
            }
        }
        assert_eq!(bundle.files.len(), 8, "{:?}", bundle.files.keys());
        assert!(text(&bundle, "/phone").contains("src=\"/assets/phone."));
        let worker = text(&bundle, "/sw.js");
        assert!(worker.contains("[\"/phone\",\"/assets/phone.") && !worker.contains("development"), "{worker}");
    }

    #[test]
    fn a_name_follows_the_content_of_all_that_a_file_names() {
        let names = |bundle: &Bundle| bundle.files.keys().cloned().collect::<Vec<_>>();
        let (one, same) = (joined(&[]).unwrap(), joined(&[]).unwrap());
        assert_eq!(names(&one), names(&same));
        let other = joined(&[("web/shared/x.svg", "<svg></svg>")]).unwrap();
        let moved = names(&one).iter().filter(|name| !other.files.contains_key(*name)).count();
        assert_eq!(moved, 2, "the picture and the sheet that names it");
        assert_ne!(text(&one, "/sw.js"), text(&other, "/sw.js"));
    }

    #[test]
    fn a_worker_keeps_nothing_of_another_surface() {
        let bundle = joined(&[
            ("web/board/main.js", "b();"),
            ("web/board/index.html", "<script src=\"/assets/board/main.js\"></script>"),
            ("web/board/board.css", "b {}"),
            ("messages/en/board.ftl", "web-b = B\n"),
            ("messages/zh-CN/board-x.ftl", "web-b = B\n"),
        ]);
        let bundle = bundle.unwrap();
        assert!(bundle.files.contains_key("/board"));
        assert!(bundle.files.keys().any(|address| address.starts_with("/assets/board/texts/en.")));
        assert!(!text(&bundle, "/sw.js").contains("board"), "{}", text(&bundle, "/sw.js"));
    }

    #[test]
    fn what_leads_nowhere_fails_the_build() {
        for (path, content, expected) in [
            ("web/phone/index.html", "\n<link href=\"/assets/none.css\">", "phone/index.html:2: /assets/none.css is"),
            (
                "web/phone/index.html",
                "<script src=\"/assets/shared/a.js\">",
                "phone/index.html:1: /assets/shared/a.js is",
            ),
            (
                "web/shared/x.svg",
                "<use href=\"/assets/shared/x.svg\"/>",
                "shared/x.svg:1: /assets/shared/x.svg is named in",
            ),
            ("web/shared/x.exe", "", "shared/x.exe:1: files of this kind"),
            ("web/phone/sw.js", "const PRECACHE = [];", "phone/sw.js:1: the line `const VERSION"),
        ] {
            let fault = joined(&[(path, content)]).unwrap_err().to_string();
            assert!(fault.contains(expected), "{fault}");
        }
    }

    #[test]
    fn sources_keep_their_addresses_while_developing() {
        let folder = folder(&[]);
        let bundle = Bundle::loose(&folder.path().join("web"), &folder.path().join("messages")).unwrap();
        assert_eq!(text(&bundle, "/phone"), PAGE);
        assert!(text(&bundle, "/assets/phone/main.js").starts_with("import"));
        assert_eq!(text(&bundle, "/assets/texts/zh-CN.json"), "[\"水\"]");
        assert!(text(&bundle, "/sw.js").contains("\"/assets/shared/a.js\""));
    }
}
