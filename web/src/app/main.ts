// The playground's page: its style and its elements.
import './style.css';
import './offline.js';
import './site-header.js';
import './playground-element.js';
