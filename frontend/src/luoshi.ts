// The few behaviours that pages share. Everything works without them for reading.
import "htmx.org";
import "./menu";
import "./palette";
import "./review";
import "./ledger";
import "./cascade";
import "./orgs";
import "./sheet";
import "./visit";
import "./stage";
