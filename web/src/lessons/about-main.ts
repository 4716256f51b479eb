// The page about the engine: only style and the bar.
import '../app/style.css';
import './lessons.css';
import '../app/site-header.js';
import '../app/offline.js';
